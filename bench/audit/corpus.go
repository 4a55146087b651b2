package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// measureCorpus audits each real configuration below WSGICTL_CORPUS on its own,
// and counts the syntax errors in those that httpd accepts.
func measureCorpus(wsgictl string, runs int) error {
	folder := os.Getenv("WSGICTL_CORPUS")
	if folder == "" {
		fmt.Println("| real configurations | WSGICTL_CORPUS does not name their folder | | | |")
		return nil
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	names, err := corpusFiles(folder)
	if err != nil {
		return err
	}
	arguments := append([]string{wsgictl, "audit", "--exit-zero"}, names...)
	title := fmt.Sprintf("%d real configurations, each on its own", len(names))
	if _, err := quickest(title, limit, runs, program{"wsgictl audit", arguments}); err != nil {
		return err
	}
	accepted := acceptedFiles(folder, names)
	refused, err := syntaxErrors(wsgictl, accepted)
	if err != nil {
		return err
	}
	fmt.Printf("| the %d of them that httpd accepts | syntax errors | %d (goal: 0) | | |\n", len(accepted), len(refused))
	for _, name := range refused {
		fmt.Println("| | " + name + " | | | |")
	}
	return nil
}

// corpusFiles are the configurations of the corpus. What httpd said of them is
// in its folder "oracle".
func corpusFiles(folder string) (names []string, err error) {
	err = filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && entry.Name() == "oracle" {
			return filepath.SkipDir
		}
		if err == nil && filepath.Ext(name) == ".conf" {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// acceptedFiles are the configurations that httpd accepted: it made a dump of
// each.
func acceptedFiles(folder string, names []string) (accepted []string) {
	for _, name := range names {
		relative := strings.TrimPrefix(strings.TrimPrefix(name, folder+"/"), "wsgi/")
		dump := strings.ReplaceAll(relative, "/", "__") + ".dump"
		if _, err := os.Stat(filepath.Join(folder, "oracle", dump)); err == nil {
			accepted = append(accepted, name)
		}
	}
	return accepted
}

// syntaxErrors are the names of the files in which an audit finds any.
func syntaxErrors(wsgictl string, names []string) (found []string, err error) {
	arguments := append([]string{"audit", "--exit-zero", "--select", "WC001", "--severity", "error", "--format", "json"}, names...)
	output, err := exec.Command(wsgictl, arguments...).Output()
	if err != nil {
		return nil, err
	}
	var report struct {
		Findings []struct{ File string }
	}
	if err := json.Unmarshal(output, &report); err != nil {
		return nil, err
	}
	for _, finding := range report.Findings {
		found = append(found, finding.File)
	}
	return found, nil
}
