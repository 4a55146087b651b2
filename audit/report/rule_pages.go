//go:build ignore

// Command rule_pages writes the pages of docs/rules from the rules themselves.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/audit/report"
)

func main() {
	folder := os.Args[1]
	if err := os.MkdirAll(folder, 0o755); err != nil {
		log.Fatal(err)
	}
	pages := map[string]string{"README.md": report.RuleIndex()}
	for _, rule := range audit.Rules() {
		pages[rule.ID+".md"] = report.RulePage(rule)
	}
	old, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range old {
		if _, ok := pages[filepath.Base(name)]; !ok {
			os.Remove(name)
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(strings.TrimLeft(text, "\n")), 0o644); err != nil {
			log.Fatal(fmt.Errorf("write page: %w", err))
		}
	}
}
