package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// printUnit prints the unit that runs the monitor with the options that were given.
func (c monitorCommand) printUnit(ctx context.Context, s *streams) error {
	if c.ServerRoot != "" || c.Root != "" || c.HTTPDVersion != "" || c.Envvars != "" || len(c.Define)+len(c.AssumeModule) > 0 || c.Parent != 0 || c.History != "" {
		return usageError{errors.New("--systemd-unit: the unit runs the monitor for a path or a --socket, and systemd gives it a place for its history; add what else you want to the unit")}
	}
	if c.TokenFile == "" {
		if _, err := c.token(); err != nil {
			return err
		}
	}
	options, err := c.options(ctx)
	if err != nil {
		return err
	}
	folder, isBelow := strings.CutPrefix(filepath.Dir(options.Socket), "/run/")
	if !isBelow {
		return fmt.Errorf("--systemd-unit: the socket %s has to lie in a folder below /run that systemd makes for the monitor, such as unix:/run/wsgictl/telemetry.sock", options.Socket)
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program for the unit: %w", err)
	}
	unit := templates.MonitorUnit{Program: program, Folder: folder}
	if unit.Words, err = c.words(); err != nil {
		return err
	}
	if c.TokenFile != "" {
		if unit.Token, err = filepath.Abs(c.TokenFile); err != nil {
			return fmt.Errorf("--token-file: %w", err)
		}
	}
	text, err := unit.Render()
	if err != nil {
		return err
	}
	_, err = io.WriteString(s.data, text)
	return err
}

// words are the options that were given, as a command line has them.
func (c monitorCommand) words() ([]string, error) {
	var words []string
	add := func(option, value string) {
		if value != "" {
			words = append(words, option, value)
		}
	}
	if c.Path != "" {
		path, err := filepath.Abs(c.Path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Path, err)
		}
		words = append(words, path)
	}
	add("--listen", c.Listen)
	add("--socket", c.Socket)
	for _, group := range c.Group {
		add("--group", group)
	}
	for _, limit := range c.MaxRSS {
		add("--max-rss", limit)
	}
	add("--statsd", c.StatsD)
	add("--dogstatsd", c.DogStatsD)
	add("--otlp", c.OTLP)
	if c.NoHistory {
		words = append(words, "--no-history")
	}
	return words, nil
}
