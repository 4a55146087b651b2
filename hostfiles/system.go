package hostfiles

import (
	"runtime"
	"strings"
)

// MacOSVersionFile is there on macOS alone, and tells its version.
const MacOSVersionFile = "/System/Library/CoreServices/SystemVersion.plist"

// OperatingSystem is GOOS, and for a recorded tree what its files show.
func (r Root) OperatingSystem() string {
	switch {
	case r.IsHere():
		return runtime.GOOS
	case r.Exists(MacOSVersionFile):
		return "darwin"
	case r.IsDir("/Windows/System32"):
		return "windows"
	case r.OSRelease()["ID"] == "freebsd":
		return "freebsd"
	default:
		return "linux"
	}
}

// OSRelease reads os-release(5): shell assignments of plain words, one a line.
func (r Root) OSRelease() map[string]string {
	for _, path := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		text, err := r.Read(path)
		if err != nil {
			continue
		}
		values := map[string]string{}
		for line := range strings.Lines(text) {
			if name, value, found := strings.Cut(strings.TrimSpace(line), "="); found && !strings.HasPrefix(name, "#") {
				values[name] = unquoted(value)
			}
		}
		return values
	}
	return nil
}

// unquoted takes off the quotes around a whole value.
func unquoted(value string) string {
	if len(value) > 1 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		return value[1 : len(value)-1]
	}
	return value
}
