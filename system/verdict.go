package system

import (
	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// Audit says what is wrong with the way in which the copy hosts applications.
func (s *Stage) Audit(host *detect.Host) (audit.Result, error) {
	config, err := s.Read()
	if err != nil {
		return audit.Result{}, err
	}
	return audit.Run(audit.Look(config, modwsgi.Release{}, host), audit.Settings{}), nil
}
