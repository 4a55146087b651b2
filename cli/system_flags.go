package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/system"
)

// systemFlags are common to all commands that change the system's Apache.
type systemFlags struct {
	HTTPD      string `name:"httpd" placeholder:"PATH" help:"The httpd program (default: the one that runs, else the first found)."`
	ServerRoot string `placeholder:"DIR" help:"Another instance of Apache than the one httpd is compiled for: its server root."`
	State      string `placeholder:"DIR" help:"Where to remember what was done (default: a folder of /var/lib/wsgictl)."`
	trustFlags
}

// takeoverFlags decide about files that a person made or edited.
type takeoverFlags struct {
	Adopt     bool `xor:"takeover" help:"Keep the content of files that a person made or edited, and manage them from now on."`
	Overwrite bool `xor:"takeover" help:"Replace files that a person made or edited."`
}

func (f takeoverFlags) takeover() system.Takeover {
	switch {
	case f.Adopt:
		return system.Adopt
	case f.Overwrite:
		return system.Overwrite
	}
	return system.Refuse
}

// auditFlag says how much of the audit is printed with a plan.
type auditFlag struct {
	AuditAll bool `help:"Print what the audit says of other people's sites, too."`
}

// changeFlags say how a change is carried out.
type changeFlags struct {
	takeoverFlags
	auditFlag
	Yes         bool `short:"y" help:"Do not ask before changing anything."`
	Start       bool `help:"Start Apache if it does not run."`
	HealthLimit int  `default:"30" placeholder:"SECONDS" help:"How long the sites may take to answer before all is put back (default: 30)."`
	DrainLimit  int  `default:"6" placeholder:"SECONDS" help:"How long a reload may make new requests wait, so that those under way end; 0 is not at all (default: 6)."`
}

// resumable is true: the journal of the change, and of what was made for it,
// tells the next command what this one has left.
func (systemFlags) resumable() bool { return true }

// An opened Apache. For a command that changes something the lock is held, and any
// interrupted change finished; one that looks does neither.
type opened struct {
	system.Manager
	purpose purpose
	host    detect.Host
	kept    string // folder of the modules that root keeps
	streams *streams
	unlock  func()
	release func() // of what was made for the change; nil where nothing was
}

// hold keeps signals from ending the process while something is changed.
func (o *opened) hold() (release func(), err error) { return o.streams.signals.hold(systemFlags{}) }

// A purpose is what a command opens the Apache for.
type purpose bool

const (
	toLook   purpose = false // and change nothing at all
	toChange purpose = true
)

// open finds the Apache, and to change it ends what an interrupted command left.
// Accounts are trusted that are named, and those that were when something was
// applied.
func (f systemFlags) open(ctx context.Context, s *streams, why purpose) (*opened, error) {
	o, err := f.find(ctx, s, why)
	if err != nil {
		return nil, err
	}
	current, err := o.History.Current()
	if err == nil {
		err = o.begin(ctx, append(stillKnown(current.Trusts("")), f.Trust...))
	}
	if err != nil {
		o.unlock()
		return nil, err
	}
	return o, nil
}

// find finds the Apache and what is remembered of it, and takes the lock to change
// it. No Python is started, and nothing of anybody's project is looked at.
func (f systemFlags) find(ctx context.Context, s *streams, why purpose) (*opened, error) {
	host, err := detect.Detect(ctx, detect.Request{HTTPD: f.HTTPD, ServerRoot: f.ServerRoot, ServerOnly: true})
	if err != nil {
		return nil, err
	}
	if host.Apache == nil {
		return nil, system.ErrNoApache
	}
	history, err := system.OpenHistory(f.stateFolder(host.Apache.ServerRoot), currentBuild().Version, nil)
	if err != nil {
		return nil, onlyRoot(err)
	}
	report := func(text string) { fmt.Fprintf(s.stderr, "%s\n", text) }
	o := &opened{purpose: why, host: host, streams: s, unlock: func() {}, Manager: system.Manager{History: history, Limit: 30 * time.Second, Drain: system.DefaultDrain, Report: report}}
	if why == toLook {
		return o, nil
	}
	o.unlock, err = history.Lock(ctx, func(holder string) { report("waiting for the lock, " + holder) })
	return o, onlyRoot(err)
}

func onlyRoot(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; only root can change the system's Apache: run it with sudo", err)
	}
	return err
}

// begin ends what an interrupted command left, where something is to be changed.
func (o *opened) begin(ctx context.Context, trusted []string) (err error) {
	if o.Apache, err = system.New(o.host, trusted...); err != nil || o.purpose == toLook {
		return err
	}
	return o.recover(ctx)
}

// recover ends what a command that was killed left, the change first. A signal
// does not keep it from that.
func (o *opened) recover(ctx context.Context) error {
	release, err := o.hold()
	if err != nil {
		return err
	}
	defer release()
	done, err := o.Recover(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	if done != "" {
		o.Report(done)
	}
	undone, err := o.History.UndoUnfinished(ctx)
	if undone != "" {
		o.Report("undid what an interrupted command had made: " + undone)
	}
	if err != nil {
		o.Report(err.Error()) // it stays, and is no obstacle
	}
	return nil
}

// stateFolder is one folder for each Apache of the host.
func (f systemFlags) stateFolder(serverRoot string) string {
	if f.State != "" {
		return f.State
	}
	return filepath.Join(rootsState(), dashed(serverRoot))
}

// rootsState is where root's stores are.
func rootsState() string {
	if runtime.GOOS == "linux" {
		return "/var/lib/wsgictl"
	}
	return "/var/db/wsgictl"
}

// dashed is a path as one name.
func dashed(path string) string {
	return cmp.Or(strings.ReplaceAll(strings.Trim(path, "/"), "/", "-"), "-") // the root, too, has one
}

// show prints what a plan changes, with what persons and certbot have put on top,
// and what stands in its way.
func (o *opened) show(plan *system.Plan) error {
	for _, note := range plan.Notes {
		fmt.Fprintln(o.streams.stderr, note)
	}
	if plan.IsEmpty() {
		fmt.Fprintln(o.streams.stderr, "Nothing to do: all is as declared.")
		return o.showEdits(plan)
	}
	for _, text := range plan.ForOthers {
		fmt.Fprintf(o.streams.stderr, "This changes what other projects are served with: %s.\n", text)
	}
	if err := system.WriteDiff(o.streams.data, plan.Changes); err != nil {
		return err
	}
	if err := o.showEdits(plan); err != nil {
		return err
	}
	return inTheWay(plan)
}

// check holds the plan against Apache in a staged copy, and prints what the
// audit says of the result.
func (o *opened) check(ctx context.Context, plan *system.Plan, shown auditFlag) error {
	stage, err := o.Stage(ctx, plan)
	if err != nil {
		return err
	}
	defer stage.Close()
	if err := o.audit(ctx, stage, plan, shown); err != nil {
		return err
	}
	refused, err := stage.RefusesEmbedded(&o.host)
	if err != nil {
		return err
	}
	if refused != "" {
		plan.ForOthers = append(plan.ForOthers, refused)
		fmt.Fprintf(o.streams.stderr, "This changes what others are served with: %s.\n", refused)
	}
	if err := stage.CheckRead(); err != nil {
		return err
	}
	if err := stage.CheckGroups(); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if err := stage.CheckHosts(); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if err := stage.CheckTrust(); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if err := stage.CheckStart(ctx); err != nil {
		return fmt.Errorf("nothing was changed, since Apache would not accept the result: %w", err)
	}
	if err := o.Preflight(plan); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	return nil
}

// audit prints what the audit says of a plan's result.
func (o *opened) audit(ctx context.Context, stage *system.Stage, plan *system.Plan, shown auditFlag) error {
	result, err := stage.Audit(&o.host)
	others := 0
	if err == nil && !shown.AuditAll {
		result, others, err = o.WithoutOthers(result, plan, &o.host)
	}
	if ctx.Err() != nil {
		return errStopped // and the copy is gone
	}
	if err != nil {
		return err
	}
	if len(result.Findings) == 0 {
		fmt.Fprintf(o.streams.stderr, "The audit found nothing%s.\n", hiddenNote(result))
	} else if err := (findingsText{result: result}).write(o.streams.stderr, paletteFor(o.streams.stderr)); err != nil {
		return err
	}
	if others > 0 {
		fmt.Fprintf(o.streams.stderr, "About what others have configured there is %s more: --audit-all prints it, as does wsgictl audit.\n", plural.Count(others, "finding"))
	}
	return nil
}

// carryOut shows a plan, asks, and applies it.
func (o *opened) carryOut(ctx context.Context, plan *system.Plan, flags changeFlags) error {
	if flags.HealthLimit < 0 || flags.DrainLimit < 0 {
		return usageError{errors.New("--health-limit and --drain-limit: want a number of seconds that is not negative")}
	}
	o.Limit, o.Start = time.Duration(flags.HealthLimit)*time.Second, flags.Start
	o.Drain = time.Duration(flags.DrainLimit) * time.Second
	if plan.IsEmpty() {
		if err := o.CheckHosts(plan); err != nil {
			return err
		}
	}
	if err := o.show(plan); err != nil || plan.IsEmpty() {
		return err
	}
	if err := o.check(ctx, plan, flags.auditFlag); err != nil {
		return err
	}
	if !flags.Yes && !o.ask(ctx, question(plan)) {
		return notConfirmed(plan)
	}
	if err := o.change(ctx, plan); err != nil {
		return err
	}
	if o.SizesServer(plan) {
		fmt.Fprintln(o.streams.stderr, "A new ServerLimit is in force once Apache is stopped and started; until then the former one bounds MaxRequestWorkers.")
	}
	fmt.Fprintf(o.streams.stderr, "Done: generation %d. To go back: wsgictl rollback\n", plan.Next.Number)
	return nil
}

// question asks for what a plan does, to other projects too.
func question(plan *system.Plan) string {
	if len(plan.Changes) == 0 {
		return "Record that?"
	}
	others := ""
	if len(plan.ForOthers) > 0 {
		others = " (" + strings.Join(plan.ForOthers, "; ") + ")"
	}
	return fmt.Sprintf("Make %s%s and reload Apache?", plural.Count(len(plan.Changes), "change"), others)
}

func notConfirmed(plan *system.Plan) error {
	if len(plan.ForOthers) > 0 {
		return fmt.Errorf("not confirmed, so nothing was changed: it changes what other projects are served with (%s); answer y, or give --yes", strings.Join(plan.ForOthers, "; "))
	}
	return errors.New("not confirmed, so nothing was changed: answer y, or give --yes")
}

// change carries a plan out, or puts all back.
func (o *opened) change(ctx context.Context, plan *system.Plan) error {
	release, err := o.hold()
	if err != nil {
		return err
	}
	defer release()
	return o.Apply(ctx, plan)
}

// ask asks on the terminal; without one the answer is no, as it is to Ctrl-C.
func (o *opened) ask(ctx context.Context, question string) bool {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return false
	}
	fmt.Fprintf(o.streams.stderr, "%s [y/N] ", question)
	answers := make(chan string, 1)
	go func() {
		answer, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil {
			answer = ""
		}
		answers <- strings.ToLower(strings.TrimSpace(answer))
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(o.streams.stderr)
		return false
	case answer := <-answers:
		return answer == "y" || answer == "yes"
	}
}
