package detect

import (
	"encoding/json"
	"fmt"

	"github.com/wsgictl/wsgictl/trust"
)

// recordedLimit bounds the facts of a host, in bytes.
const recordedLimit = 16 << 20

// ReadHost reads the facts of another machine, as "wsgictl detect --json" printed
// them there. Facts of another version of them are an error.
func ReadHost(file string) (Host, error) {
	text, err := trust.ReadFile(file, recordedLimit)
	if err != nil {
		return Host{}, fmt.Errorf("read host facts: %w", err)
	}
	var host Host
	if err := json.Unmarshal(text, &host); err != nil {
		return Host{}, fmt.Errorf("read host facts %s: %w", file, err)
	}
	if host.Version != SchemaVersion {
		return Host{}, fmt.Errorf("read host facts %s: schema version %d, want %d: record them with this wsgictl's detect --json", file, host.Version, SchemaVersion)
	}
	return host, nil
}
