// Command audit measures, side by side in one run, what it takes to read large
// Apache configurations: wsgictl, the real httpd, augtool, and a program that
// only reads the bytes.
//
//	go run ./bench/audit bin/wsgictl
//
// It prints a table of times and peak memory, and how they compare with the
// goals: "wsgictl audit" at least three times faster than "httpd -t" with at
// most half its memory, and 50,000 virtual hosts within 5.5 times of 10,000.
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

// limit is how long one program may take: augtool gives no answer in it for
// 50,000 files.
const limit = 120 * time.Second

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
	fmt.Println("| configuration | program | seconds | peak MB |")
	fmt.Println("| --- | --- | ---: | ---: |")
	times := map[int]time.Duration{}
	for _, size := range []int{small, large} {
		dir := filepath.Join(scratch, fmt.Sprint(size))
		audit, check, err := measureServer(dir, wsgictl, httpd, size, runs)
		if err != nil {
			return err
		}
		times[size] = audit.elapsed
		fmt.Printf("| | audit / httpd -t | %.2f (goal: at most 0.33) | %.2f (goal: at most 0.50) |\n",
			audit.elapsed.Seconds()/check.elapsed.Seconds(), float64(audit.peak)/float64(check.peak))
	}
	fmt.Printf("| | %d / %d | %.2f (goal: at most 5.50) | |\n", large, small, times[large].Seconds()/times[small].Seconds())
	return measureSingle(filepath.Join(scratch, "single"), wsgictl, httpd, single, runs)
}

// measureServer measures a server with one file for each virtual host.
func measureServer(dir, wsgictl, httpd string, size, runs int) (audit, check measurement, err error) {
	if err := generate(dir, "-n", fmt.Sprint(size)); err != nil {
		return audit, check, err
	}
	conf := filepath.Join(dir, "httpd.conf")
	title := fmt.Sprintf("%d virtual hosts, one file each", size)
	quickest(title, "only reading the bytes", runs, "sh", "-c", "find "+dir+"/sites -type f -print0 | xargs -0 cat")
	quickest(title, "wsgictl effective", runs, wsgictl, "effective", conf)
	audit = quickest(title, "wsgictl audit", runs, wsgictl, "audit", "--exit-zero", conf)
	check = quickest(title, "httpd -t", runs, httpd, "-t", "-f", conf)
	if augtool, err := exec.LookPath("augtool"); err == nil {
		quickest(title, "augtool, Httpd lens", 1, augtool, "--noautoload", "--transform", "Httpd incl "+dir+"/sites/*.conf", "match /augeas//error")
	}
	return audit, check, nil
}

// measureSingle measures all virtual hosts in one file.
func measureSingle(dir, wsgictl, httpd string, size, runs int) error {
	if err := generate(dir, "-single", "-n", fmt.Sprint(size)); err != nil {
		return err
	}
	conf := filepath.Join(dir, "httpd.conf")
	title := fmt.Sprintf("%d virtual hosts in one file", size)
	quickest(title, "wsgictl effective", runs, wsgictl, "effective", conf)
	quickest(title, "wsgictl audit", runs, wsgictl, "audit", "--exit-zero", conf)
	quickest(title, "httpd -t", 1, httpd, "-t", "-f", conf)
	return nil
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
	elapsed time.Duration
	peak    int64 // bytes
}

// quickest runs a program several times and prints the quickest run.
func quickest(title, name string, runs int, program string, args ...string) measurement {
	var best measurement
	for run := range runs {
		m, err := measure(program, args...)
		if err != nil {
			fmt.Printf("| %s | %s | %v | |\n", title, name, err)
			return m
		}
		if run == 0 || m.elapsed < best.elapsed {
			best = m
		}
	}
	fmt.Printf("| %s | %s | %.2f | %d |\n", title, name, best.elapsed.Seconds(), best.peak>>20)
	return best
}

func measure(program string, args ...string) (measurement, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	start := time.Now()
	err := command.Run()
	m := measurement{elapsed: time.Since(start)}
	if ctx.Err() != nil {
		return m, fmt.Errorf("no answer in %v", limit)
	}
	if command.ProcessState == nil {
		return m, err
	}
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.peak = usage.Maxrss << 10
	}
	return m, err
}
