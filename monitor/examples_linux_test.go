package monitor

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const examples = "../examples/monitoring"

// TestAlertsAreAsTheirCasesSay has promtool run the cases of the alerts.
func TestAlertsAreAsTheirCasesSay(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"check", "rules", "rules.yml"}, {"test", "rules", "rules_test.yml"}} {
		command := exec.Command(program(t, "promtool"), words...)
		command.Dir = examples
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, output)
		}
	}
}

// TestDashboardAsksWhatThereIs has promtool read each expression of the dashboard, whose
// metrics, and those of the alerts, are ones that the monitor has.
func TestDashboardAsksWhatThereIs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(examples, "dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	rules := "groups:\n- name: dashboard\n  rules:\n"
	for i, p := range dashboard.Panels {
		for j, target := range p.Targets {
			rules += fmt.Sprintf("  - {record: 'panel_%d_%d', expr: %q}\n", i, j, target.Expr)
		}
	}
	file := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command(program(t, "promtool"), "check", "rules", file).CombinedOutput(); err != nil || len(dashboard.Panels) == 0 {
		t.Errorf("%v: %s\n%s", err, output, rules)
	}
	alerts, err := os.ReadFile(filepath.Join(examples, "rules.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile(`wsgictl_\w+`).FindAllString(rules+string(alerts), -1) {
		name = strings.TrimSuffix(name, "_bucket")
		if !slices.ContainsFunc(metrics, func(m metric) bool { return m.name == name }) {
			t.Errorf("there is no metric %s", name)
		}
	}
}
