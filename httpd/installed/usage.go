package installed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Usage is what a process takes of its host, as the kernel tells any account.
type Usage struct {
	Started time.Time
	CPU     time.Duration // of all its threads, since it started
	Threads int           // of all kinds
	RSS     uint64        // resident memory in bytes; what processes share counts in each
}

// ReadUsage reads what a process of this host takes. The error wraps fs.ErrNotExist
// where there is no such process, or it has exited and is only not yet forgotten.
func ReadUsage(pid int) (Usage, error) {
	text, err := readStat(pid)
	if err != nil {
		return Usage{}, fmt.Errorf("ask the kernel for process %d: %w", pid, err)
	}
	_, fields, is := parseStat(text)
	if !is || len(fields) <= statRSS {
		return Usage{}, fmt.Errorf("ask the kernel for process %d: its stat has %d fields", pid, len(fields))
	}
	if fields[statState] == "Z" || fields[statState] == "X" {
		return Usage{}, fmt.Errorf("process %d: %w", pid, fs.ErrNotExist)
	}
	var bad error
	number := func(field int) uint64 {
		n, err := strconv.ParseUint(fields[field], 10, 63)
		bad = errors.Join(bad, err)
		return n
	}
	usage := Usage{
		CPU:     time.Duration(number(statUser)+number(statSystem)) * clockTick, //nolint:gosec // 63 bits
		Threads: int(number(statThreads)),                                       //nolint:gosec // as above
		RSS:     number(statRSS) * uint64(os.Getpagesize()),                     //nolint:gosec // a page has a size
	}
	if booted := bootedHere(); !booted.IsZero() {
		usage.Started = booted.Add(time.Duration(number(statStarted)) * clockTick) //nolint:gosec // as above
	}
	if bad != nil {
		return Usage{}, fmt.Errorf("ask the kernel for process %d: %w", pid, bad)
	}
	return usage, nil
}

// readStat reads /proc/PID/stat by as few system calls as there can be: the monitor does
// so for each process each second.
func readStat(pid int) (string, error) {
	fd, err := syscall.Open("/proc/"+strconv.Itoa(pid)+"/stat", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	defer syscall.Close(fd)
	var text [1024]byte // some 350 are usual
	n, err := syscall.Read(fd, text[:])
	if errors.Is(err, syscall.ESRCH) { // it has exited since
		err = fs.ErrNotExist
	}
	return string(text[:max(n, 0)]), err
}

// ReadPSS reads the memory of a process in bytes, of which what it shares with n
// processes counts for one nth: the sum over processes is what they take together.
// Only who may trace a process is told (proc_pid_smaps(5)), and the kernel walks all
// its pages for it: some milliseconds for each GB.
func ReadPSS(pid int) (uint64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, fmt.Errorf("ask the kernel for the memory of a process: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == "Pss:" {
			kilobytes, err := strconv.ParseUint(fields[1], 10, 48)
			if err != nil {
				break
			}
			return kilobytes << 10, nil
		}
	}
	return 0, fmt.Errorf("ask the kernel for the memory of process %d: its smaps_rollup has no Pss", pid)
}
