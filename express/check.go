package express

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// checkOptions refuses options that exclude each other, that cannot have an
// effect, and values that Apache would not take.
func (p *planner) checkOptions(ctx context.Context) error {
	for _, check := range []func(Options) error{checkValues, checkWords, p.checkHTTPS, p.checkTelemetry, p.checkAccess, p.checkPython, p.checkDaemonOptions, p.checkEffects} {
		if err := check(p.command.Options); err != nil {
			return err
		}
	}
	if err := p.checkLogLevel(ctx); err != nil {
		return err
	}
	return p.checkAddresses(ctx)
}

var (
	bareWords = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w:=.+,* -]+$`) })
	host      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w.:-]+$`) })
)

func checkValues(o Options) error {
	for name, value := range map[string]*float64{
		"initial-workers": o.InitialWorkers, "minimum-spare-workers": o.MinimumSpareWorkers, "maximum-spare-workers": o.MaximumSpareWorkers,
	} {
		if value != nil && (*value < 0 || *value > 1) {
			return fmt.Errorf("--%s %g: want a fraction from 0 to 1", name, *value)
		}
	}
	for _, words := range o.TelemetryOptions {
		if !bareWords().MatchString(words) {
			return fmt.Errorf("--telemetry-options %q: want words", words)
		}
	}
	for _, pair := range o.ErrorDocuments {
		if status, err := strconv.Atoi(pair[0]); err != nil || status < 300 || status > 599 {
			return fmt.Errorf("--error-document %s: want a status from 300 to 599", pair[0])
		}
	}
	switch {
	case o.Host != "" && !host().MatchString(o.Host):
		return fmt.Errorf("--host %q: want an address", o.Host)
	case !oneOf(o.MapHeadToGet, "on", "off", "auto"):
		return fmt.Errorf("--map-head-to-get %s: want On, Off or Auto", o.MapHeadToGet)
	case !oneOf(o.AuthType, "basic", "digest"):
		return fmt.Errorf("--auth-type %s: want Basic or Digest", o.AuthType)
	case o.DebuggerStartup && !o.EnableDebugger:
		return errors.New("--debugger-startup needs --enable-debugger")
	case o.EmbeddedMode && o.debugging():
		return errors.New("--embedded-mode: debug mode has an application process of its own; leave one out")
	}
	return nil
}

func oneOf(value string, wanted ...string) bool {
	for _, w := range wanted {
		if strings.EqualFold(value, w) {
			return true
		}
	}
	return false
}

// checkHTTPS refuses what would leave the site on HTTP alone while its owner
// thinks otherwise.
func (p *planner) checkHTTPS(o Options) error {
	without := o.WithoutHTTPS()
	if o.TLS.HTTPS() {
		without = "ssl-certificate"
	}
	switch {
	case o.HTTPSPort == 0 && without != "":
		return fmt.Errorf("--%s has no effect without HTTPS; name its port with --https-port", without)
	case o.HTTPSPort == 0:
		return nil
	case o.SSLCertificateFile == "" || o.SSLCertificateKeyFile == "":
		return errors.New("--https-port needs a certificate and its key: --ssl-certificate-file and --ssl-certificate-key-file, or --ssl-certificate")
	case o.HTTPSPort == o.Port:
		return fmt.Errorf("--https-port %d: HTTP has that port", o.HTTPSPort)
	case len(o.SSLVerifyClient) > 0 && o.SSLCACertificateFile == "":
		return errors.New("--ssl-verify-client needs --ssl-ca-certificate-file")
	}
	return p.checkCertificate(o)
}

// certificateSize is far above what a certificate with its chain takes, in
// bytes.
const certificateSize = 1 << 20

func (p *planner) checkCertificate(o Options) error {
	certificate, err := p.trusted.ReadFile(o.SSLCertificateFile, certificateSize)
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	key, err := p.trusted.ReadFile(o.SSLCertificateKeyFile, certificateSize)
	if err != nil {
		return fmt.Errorf("key of the certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", o.SSLCertificateFile, o.SSLCertificateKeyFile, err)
	}
	if until := pair.Leaf.NotAfter; time.Now().After(until) {
		p.note("The certificate %s has expired (%s): browsers refuse it until it is renewed.", o.SSLCertificateFile, until.Format(time.DateOnly))
	}
	return nil
}

func (p *planner) checkTelemetry(o Options) error {
	if o.EnableTelemetry {
		if o.TelemetryService != "" {
			return errors.New("--enable-telemetry runs a service of its own; leave --telemetry-service out, or name that service there alone")
		}
		if v := p.software.venv; v == nil || !exists(filepath.Join(v.SitePackages, "mod_wsgi", "telemetry")) {
			return errors.New("--enable-telemetry needs the package mod_wsgi-telemetry: pip install mod_wsgi-telemetry")
		}
		for _, pair := range o.ServiceScripts {
			if pair[0] == "telemetry" {
				return errors.New("--enable-telemetry runs a service called telemetry; give the --service-script another name")
			}
		}
		p.addTelemetryService()
		o = p.command.Options
	}
	switch {
	case o.TelemetryService != "" && !strings.HasPrefix(o.TelemetryService, "unix:"):
		return fmt.Errorf("--telemetry-service %s: want unix:/PATH", o.TelemetryService)
	case o.SlowRequests != nil && *o.SlowRequests < 0:
		return fmt.Errorf("--slow-requests %g: want 0 or more", *o.SlowRequests)
	case o.SlowRequests != nil && o.TelemetryService == "":
		return errors.New("--slow-requests needs --telemetry-service or --enable-telemetry")
	case o.TelemetryInterval < 0.5:
		return fmt.Errorf("--telemetry-interval %g: want at least 0.5", o.TelemetryInterval)
	}
	return errors.Join(
		p.needs(o.TelemetryService != "", "telemetry-service", "WSGITelemetryService"),
		p.needs(len(o.TelemetryOptions) > 0, "telemetry-options", "WSGITelemetryOptions"),
	)
}

// needs refuses an option whose directive the mod_wsgi in use does not know.
func (p *planner) needs(given bool, option, directive string) error {
	if !given {
		return nil
	}
	if _, err := modwsgi.LookupDirective(directive, p.software.release); err != nil {
		return fmt.Errorf("--%s: %w", option, err)
	}
	return nil
}

func (p *planner) checkAccess(o Options) error {
	if o.AuthGroupScript != "" && o.AuthUserScript == "" {
		return errors.New("--auth-group-script needs --auth-user-script, for groups are asked of a user")
	}
	return nil
}

func (p *planner) checkPython(o Options) error {
	if o.SwitchInterval != nil && *o.SwitchInterval <= 0 {
		return fmt.Errorf("--switch-interval %g: want more than 0", *o.SwitchInterval)
	}
	if o.FreeThreading && (p.software.venv == nil || !strings.HasSuffix(filepath.Base(filepath.Dir(p.software.venv.SitePackages)), "t")) {
		return errors.New("--free-threading needs a free-threaded Python, such as python3.13t")
	}
	return errors.Join(
		p.needs(o.FreeThreading, "free-threading", "WSGIFreeThreading"),
		p.needs(o.SwitchInterval != nil, "switch-interval", "WSGISwitchInterval"),
		p.needs(o.OrphanInterpreter, "orphan-interpreter", "WSGIDestroyInterpreter"),
	)
}

// checkEffects tells of options that other options, or this Apache, undo.
func (p *planner) checkEffects(o Options) error {
	if o.ReloadOnChanges && !p.handler().ReloadOnChanges {
		p.note("--reload-on-changes has no effect in debug mode, in embedded mode and with --disable-reloading: start the server again after a change.")
	}
	if o.HTTP2 && o.ChunkedRequest && p.mode == templates.DaemonMode {
		p.note("--chunked-request: what comes by HTTP/2 without a length is refused (411), for mod_wsgi would lose it; HTTP/1.1 takes it.")
	}
	p.tellCautions()
	return nil
}

// addTelemetryService adds the service, and its socket as the target.
func (p *planner) addTelemetryService() {
	socket := p.in("telemetry.sock")
	p.command.TelemetryService = "unix:" + socket
	p.command.ServiceScripts = append(p.command.ServiceScripts, [2]string{"telemetry", p.in("telemetry-service.py")})
	p.add("telemetry-service.py", fmt.Sprintf(`# Collects what the server reports and shows it at http://127.0.0.1:%[2]d/.

from mod_wsgi.telemetry.server import main

main(["--listen", %[1]q, "--http-host", "127.0.0.1", "--http-port", "%[2]d", "--log-level", "INFO"])
`, "unix:"+socket, p.command.TelemetryUIPort), 0o644)
}

// check looks at the host.
func (p *planner) check(ctx context.Context) error {
	for _, check := range []func() error{p.checkPlaces, p.checkLibpython, p.checkReadable, func() error { return p.checkCoverage(ctx) }, p.checkFiles, p.checkPrograms, p.checkPort} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (p *planner) checkPlaces() error {
	if p.mode == templates.DaemonMode {
		if err := checkSocketPrefix(p.socketPrefix(), p.account.uid, 1+len(p.command.ServiceScripts)); err != nil {
			return err
		}
	}
	if info, err := os.Stat(p.workingDir); err != nil || !info.IsDir() {
		return fmt.Errorf("--working-directory %s: no such folder", p.workingDir)
	}
	return nil
}

// checkLibpython refuses a module that Apache could not load, as in an image for
// containers that has the interpreter without its shared library. Apache also
// looks where LD_LIBRARY_PATH says, which envvars may set.
func (p *planner) checkLibpython() error {
	s := p.software
	if s.venv == nil || s.libpython != "" {
		return nil
	}
	remedy := detect.LibpythonRemedy(s.module, *s.venv)
	if remedy == "" {
		return nil
	}
	for _, folder := range filepath.SplitList(p.caller.env("LD_LIBRARY_PATH")) {
		if _, err := os.Stat(filepath.Join(folder, s.module.Libpython)); err == nil {
			return nil
		}
	}
	if text, err := p.trusted.ReadFile(p.envvars, settingsSize); err == nil && strings.Contains(string(text), "LD_LIBRARY_PATH") {
		return nil
	}
	return fmt.Errorf("mod_wsgi %s: it needs %s, which is not on this machine, and Apache would not start; to fix it: %s", s.module.Path, s.module.Libpython, remedy)
}

// checkReadable refuses what the application could not read once it runs: its
// processes would end and be started again for ever, and clients would wait.
func (p *planner) checkReadable() error {
	if err := p.checkPythonReadable(); err != nil {
		return err
	}
	return p.checkEntryPoint()
}

// dottedName is a module, as it is imported, and perhaps its callable.
var dottedName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\pL\pN_]+(\.[\pL\pN_]+)*(:[\pL\pN_.]+(\(.*\))?)?$`)
})

func (p *planner) checkEntryPoint() error {
	o := p.command.Options
	switch {
	case o.ApplicationType == "static" || p.entryPoint == p.in("default.wsgi"):
		return nil
	case o.ApplicationType == "module" && dottedName().MatchString(o.EntryPoint) && !strings.HasSuffix(o.EntryPoint, ".py"):
		return nil
	case o.ApplicationType == "module":
		return fmt.Errorf("entry point %s: want a module as it is imported, such as package.module, or package.module:callable; a file is of --application-type script", o.EntryPoint)
	}
	err := p.unreadable(p.entryPoint)
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.ApplicationType == "script" && dottedName().MatchString(o.EntryPoint) && !strings.HasSuffix(o.EntryPoint, ".py"):
		return fmt.Errorf("entry point %s: there is no such file; for a module, add --application-type module", p.entryPoint)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("entry point %s: there is no such file", p.entryPoint)
	case err != nil:
		return fmt.Errorf("entry point: %w", err)
	}
	return nil
}

// checkCoverage refuses to measure without the package for it.
func (p *planner) checkCoverage(ctx context.Context) error {
	if p.coverage == "" {
		return nil
	}
	program := "import sys; sys.path[:0] = sys.argv[1:]; import coverage, json; print(json.dumps(coverage.Coverage.__name__))"
	var name string
	words := append([]string{"-c", program, p.workingDir}, p.command.PythonPaths...)
	err := p.askPython(ctx, p.workingDir, nil, &name, words...)
	var notStarted *notStarted
	if errors.As(err, &notStarted) {
		p.note("--enable-coverage needs the package coverage, and whether it is there was not looked at: %v.", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("--enable-coverage needs the package coverage: %s -m pip install coverage\n%w", detect.ShellArgument(p.software.python), err)
	}
	return nil
}

func (p *planner) checkPythonReadable() error {
	for _, part := range []struct{ what, path string }{
		{"Python's standard library", p.software.stdlib},
		{"virtualenv", p.software.pythonHome},
		{"mod_wsgi", p.software.module.Path},
		{"working directory", p.workingDir},
	} {
		if part.path == "" || part.path == p.software.module.Path && p.software.foreign != nil {
			continue // no module is chosen yet, or it is root's own, which Apache has loaded by then
		}
		if err := p.unreadable(part.path); err != nil {
			return fmt.Errorf("%s: %w", part.what, err)
		}
	}
	return nil
}

// checkFiles refuses names of files that are not there.
func (p *planner) checkFiles() error {
	o := p.command.Options
	named := []struct{ option, path string }{
		{"host-access-script", o.HostAccessScript}, {"auth-user-script", o.AuthUserScript}, {"auth-group-script", o.AuthGroupScript},
		{"rewrite-rules", o.RewriteRules}, {"envvars-script", o.EnvvarsScript}, {"mime-types", o.MIMETypes},
		{"ssl-ca-certificate-file", o.SSLCACertificateFile}, {"ssl-certificate-chain-file", o.SSLCertificateChainFile},
		{"document-root", o.DocumentRoot},
	}
	if o.WithPHP5 {
		named = append(named, struct{ option, path string }{"with-php5", filepath.Join(p.software.apache.ModulesDir, "libphp5.so")})
	}
	for option, list := range map[string][][2]string{"service-script": o.ServiceScripts, "add-handler": o.HandlerScripts} {
		for _, pair := range list {
			if p.caller.abs(pair[1]) != p.in("telemetry-service.py") {
				named = append(named, struct{ option, path string }{option, pair[1]})
			}
		}
	}
	for _, file := range o.IncludeFiles {
		named = append(named, struct{ option, path string }{"include-file", file})
	}
	for _, file := range named {
		path := p.caller.abs(file.path)
		if path == "" || exists(path) {
			continue
		}
		if oneOf(file.option, "include-file", "rewrite-rules") && strings.ContainsAny(path, "*?[") {
			continue // Apache includes what fits, and says if nothing does
		}
		return fmt.Errorf("--%s %s: no such file", file.option, path)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// checkPrograms refuses a shell that could not run apachectl, and a program for
// the logs without which Apache does not start.
func (p *planner) checkPrograms() error {
	named := map[string]string{"shell-executable": p.shell()}
	if p.command.RotateLogs {
		named["rotatelogs-executable"] = p.rotatelogs()
	}
	if p.command.EnableGDB && p.caller.UID == 0 {
		named["gdb-executable"] = p.program(p.command.GDBExecutable)
	}
	for option, path := range named {
		if !filepath.IsAbs(path) || !isProgram(path) {
			return fmt.Errorf("--%s %s: no such program", option, path)
		}
	}
	return nil
}

// chooseLocale takes the one asked for, the shell's, or, where that is C, a
// UTF-8 one: with C, Python cannot print or open names beyond ASCII.
func (p *planner) chooseLocale(ctx context.Context) error {
	asked := p.command.Locale
	if asked == "" {
		asked = p.command.Lang
	}
	if asked == "" {
		for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
			if asked = p.caller.env(name); asked != "" {
				break
			}
		}
		if asked != "" && !detect.HasLocale(ctx, asked) {
			p.note("locale %s of the shell is not installed here: C.UTF-8 is used", asked)
			asked = ""
		}
	}
	if asked == "" || oneOf(asked, "C", "POSIX") {
		asked = "C.UTF-8"
	}
	if !detect.HasLocale(ctx, asked) {
		return fmt.Errorf("--locale %s: not installed on this host; C.UTF-8 is, or see locale -a", asked)
	}
	p.locale = asked
	return nil
}
