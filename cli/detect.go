package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/wsgictl/wsgictl/detect"
)

type detectCommand struct {
	JSON    bool   `help:"Print a JSON object; docs/detect.md describes it."`
	HTTPD   string `name:"httpd" placeholder:"PATH" help:"The httpd program (default: the one that runs, else the first found)."`
	APXS    string `name:"apxs" placeholder:"PATH" help:"The apxs program (default: the one that belongs to the httpd)."`
	Python  string `placeholder:"PATH" xor:"interpreter" help:"The Python interpreter (default: the virtualenv's, else python3 on PATH)."`
	Venv    string `placeholder:"DIR" xor:"interpreter" help:"The virtualenv (default: VIRTUAL_ENV, .venv, venv or env here or above, or the one in this folder)."`
	Root    string `hidden:"" placeholder:"DIR" help:"Look at the recorded files of another host below DIR, as the golden cases do."`
	Explain bool   `help:"Show each place looked at and what was found there."`
}

// Help is the long form of the command's help.
func (detectCommand) Help() string {
	return `Reports Apache, its headers, Python, the virtualenv and the mod_wsgi modules of
this host, and what stands in the way, with the command that fixes it. Changes
nothing. Exits 1 when there is a problem.

Example:
  wsgictl detect --venv .venv
  wsgictl detect --json > facts.json`
}

func (c detectCommand) Run(ctx context.Context, s *streams) error {
	collectRarely()
	host, err := detect.Detect(ctx, detect.Request{HTTPD: c.HTTPD, APXS: c.APXS, Python: c.Python, Venv: c.Venv, Root: c.Root})
	if err != nil {
		return fmt.Errorf("detect: %w", err)
	}
	if !c.Explain {
		host.Looked = nil
	}
	if c.JSON {
		encoder := json.NewEncoder(s.data)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(host); err != nil {
			return err
		}
	} else {
		writeHost(s.stdout, host, paletteFor(s.stdout))
	}
	if len(host.Problems) > 0 {
		return errFindings
	}
	return nil
}
