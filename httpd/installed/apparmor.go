package installed

import (
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// profilesFile lists the profiles that the kernel has, one a line: a name and
// its mode, "/usr/sbin/apache2 (enforce)". Only root can read it.
const profilesFile = "/sys/kernel/security/apparmor/profiles"

// appArmor gives the mode of the AppArmor profile for a program: "enforce" or
// "complain"; empty without one.
func appArmor(root hostfiles.Root, program string) string {
	text, err := root.ReadLarge(profilesFile)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(text) {
		name, mode, found := strings.Cut(strings.TrimSpace(line), " (")
		if found && (name == program || name == filepath.Base(program)) {
			return strings.TrimSuffix(mode, ")")
		}
	}
	return ""
}
