// Command audit measures, side by side in one run, what it takes to read large
// Apache configurations: wsgictl, the real httpd, augtool, and a program that
// only reads the bytes.
//
//	go run ./bench/audit bin/wsgictl
//
// It prints a table of times and peak memory, and how they compare with the
// goals: "wsgictl audit" at least three times faster than "httpd -t" with at
// most half its memory, and 50,000 virtual hosts within 5.5 times of 10,000.
// The programs take turns, so that a busy machine is busy for all of them.
//
// Where WSGICTL_CORPUS names a folder of real configurations, each of them is
// audited on its own, in less than a second altogether.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	limit = 120 * time.Second // for one run of a program

	// augeasLimit is for augtool, which takes longer the more files there are:
	// on 50,000 it is not tried.
	augeasLimit = 60 * time.Second
)

func main() {
	log.SetFlags(0)
	small := flag.Int("small", 10_000, "virtual hosts of the smaller server")
	large := flag.Int("large", 50_000, "virtual hosts of the larger server")
	single := flag.Int("single", 96_000, "virtual hosts in one file: 96,000 are 100 MB")
	runs := flag.Int("runs", 3, "runs of each program, of which the quickest counts")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: go run ./bench/audit [options] bin/wsgictl")
	}
	if err := compare(flag.Arg(0), *small, *large, *single, *runs); err != nil {
		log.Fatal("bench/audit: ", err)
	}
}

func compare(wsgictl string, small, large, single, runs int) error {
	wsgictl, err := filepath.Abs(wsgictl)
	if err != nil {
		return err
	}
	httpd, err := findHTTPD()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	fmt.Println("| configuration | program | seconds | of a processor | peak MB |")
	fmt.Println("| --- | --- | ---: | ---: | ---: |")
	times := map[int]time.Duration{}
	for _, size := range []int{small, large} {
		dir := filepath.Join(scratch, fmt.Sprint(size))
		if times[size], err = measureServer(dir, wsgictl, httpd, size, runs); err != nil {
			return err
		}
		if size == small {
			measureAugeas(dir)
		}
	}
	fmt.Printf("| | %d / %d | %.2f (goal: at most 5.50) | | |\n", large, small, times[large].Seconds()/times[small].Seconds())
	if err := measureSingle(filepath.Join(scratch, "single"), wsgictl, httpd, single, runs); err != nil {
		return err
	}
	return measureCorpus(wsgictl, runs)
}

// measureServer measures a server with one file for each virtual host, and
// gives the time of the audit.
func measureServer(dir, wsgictl, httpd string, size, runs int) (time.Duration, error) {
	if err := generate(dir, "-n", fmt.Sprint(size)); err != nil {
		return 0, err
	}
	title := fmt.Sprintf("%d virtual hosts, one file each", size)
	reading := []string{"sh", "-c", "find " + dir + "/sites -type f -print0 | xargs -0 cat"}
	if _, err := quickest(title, limit, runs, program{"only reading the bytes", reading}); err != nil {
		return 0, err
	}
	return compareAudit(title, filepath.Join(dir, "httpd.conf"), wsgictl, httpd, runs)
}

// measureSingle measures all virtual hosts in one file.
func measureSingle(dir, wsgictl, httpd string, size, runs int) error {
	if err := generate(dir, "-single", "-n", fmt.Sprint(size)); err != nil {
		return err
	}
	title := fmt.Sprintf("%d virtual hosts in one file", size)
	_, err := compareAudit(title, filepath.Join(dir, "httpd.conf"), wsgictl, httpd, runs)
	return err
}

// compareAudit measures wsgictl beside httpd, and gives the time of the audit.
func compareAudit(title, configuration, wsgictl, httpd string, runs int) (time.Duration, error) {
	measured, err := quickest(title, limit, runs,
		program{"wsgictl effective", []string{wsgictl, "effective", configuration}},
		program{"wsgictl audit", []string{wsgictl, "audit", "--exit-zero", configuration}},
		program{"httpd -t", []string{httpd, "-t", "-f", configuration}},
		program{"wsgictl audit, JSON", []string{wsgictl, "audit", "--exit-zero", "--format", "json", configuration}},
		program{"wsgictl audit, SARIF", []string{wsgictl, "audit", "--exit-zero", "--format", "sarif", configuration}},
	)
	if err != nil {
		return 0, err
	}
	audit, check := measured[1], measured[2]
	fmt.Printf("| | audit / httpd -t | %.2f (goal: at most 0.33) | %.2f | %.2f (goal: at most 0.50) |\n",
		audit.elapsed.Seconds()/check.elapsed.Seconds(), audit.processor.Seconds()/check.processor.Seconds(),
		float64(audit.peak)/float64(check.peak))
	return audit.elapsed, nil
}

// measureAugeas measures how long Augeas takes to read the same files.
func measureAugeas(dir string) {
	augtool, err := exec.LookPath("augtool")
	if err != nil {
		fmt.Println("| | augtool, Httpd lens | not installed (Debian: augeas-tools) | | |")
		return
	}
	arguments := []string{augtool, "--noautoload", "--transform", "Httpd incl " + dir + "/sites/*.conf", "match /augeas//error"}
	if _, err := quickest("the same files", augeasLimit, 1, program{"augtool, Httpd lens", arguments}); err != nil {
		fmt.Printf("| the same files | %v | | | |\n", err)
	}
}

func generate(dir string, args ...string) error {
	command := exec.Command("go", append([]string{"run", "./bench/vhosts"}, append(args, dir)...)...)
	command.Stderr = os.Stderr
	return command.Run()
}

func findHTTPD() (string, error) {
	for _, name := range []string{"apache2", "httpd", "/usr/sbin/apache2", "/usr/sbin/httpd"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no httpd on PATH")
}

// measurement is one run of a program.
type measurement struct {
	elapsed   time.Duration
	processor time.Duration // of all its threads: other programs on the machine disturb it less
	peak      int64         // bytes
}

// program is a command to measure, and how the table calls it.
type program struct {
	name      string
	arguments []string
}

// quickest runs programs in turn, several times, and prints and gives the
// quickest run of each.
func quickest(title string, limit time.Duration, runs int, programs ...program) ([]measurement, error) {
	best := make([]measurement, len(programs))
	for run := range runs {
		for i, p := range programs {
			m, err := measure(limit, p.arguments)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			if run == 0 {
				best[i] = m
			}
			best[i].elapsed = min(best[i].elapsed, m.elapsed)
			best[i].processor = min(best[i].processor, m.processor)
		}
	}
	for i, p := range programs {
		fmt.Printf("| %s | %s | %.2f | %.2f | %d |\n", title, p.name, best[i].elapsed.Seconds(), best[i].processor.Seconds(), best[i].peak>>20)
	}
	return best, nil
}

func measure(limit time.Duration, arguments []string) (measurement, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	command := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	start := time.Now()
	err := command.Run()
	m := measurement{elapsed: time.Since(start)}
	if ctx.Err() != nil {
		return m, fmt.Errorf("no answer in %v", limit)
	}
	if command.ProcessState == nil {
		return m, err
	}
	m.processor = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.peak = usage.Maxrss << 10
	}
	return m, err
}
