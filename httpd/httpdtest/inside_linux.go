package httpdtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// inside lays the files of a folder over the machine's, in memory, and runs
// what is named after two folders with the result as "/".
const inside = `set -e
root=$1; memory=$2; shift 2
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$memory"
cp -a "$root" "$memory/upper"
chmod 755 "$memory/upper"
mkdir "$memory/work" "$memory/merged"
mount -t overlay -o "lowerdir=/,upperdir=$memory/upper,workdir=$memory/work" overlay "$memory/merged"
mount --rbind /dev "$memory/merged/dev"
mount -t proc proc "$memory/merged/proc"
python3 - <<'END'
import fcntl, socket, struct
lo = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(lo, 0x8914, struct.pack('16sh14x', b'lo', 1)) # SIOCSIFFLAGS, IFF_UP
END
exec chroot "$memory/merged" "$@"
`

// CanIsolate tells what keeps this process from having Inside's commands: it
// is not root, or runs in a container or chroot that may not mount.
var CanIsolate = sync.OnceValue(func() error {
	folder, err := os.MkdirTemp("", "wsgictl-inside-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	root, memory := filepath.Join(folder, "root"), filepath.Join(folder, "memory")
	if err := errors.Join(os.Mkdir(root, 0o755), os.Mkdir(memory, 0o755)); err != nil {
		return err
	}
	output, err := isolated(context.Background(), root, memory, "true").CombinedOutput()
	if err != nil {
		return fmt.Errorf("no process with files of its own: %w: %s", err, bytes.TrimSpace(output))
	}
	return nil
})

// Inside is a command that sees the files of root over the machine's own, and
// has processes and a network of its own; all of it ends with the command, and
// nothing outside is changed. CanIsolate tells whether that can be had.
func Inside(t testing.TB, root string, words ...string) *exec.Cmd {
	t.Helper()
	ShareSystem(t)
	memory, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return isolated(t.Context(), root, memory, words...)
}

func isolated(ctx context.Context, root, memory string, words ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, "sh", append([]string{"-c", inside, "sh", root, memory}, words...)...)
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC,
		Pdeathsig:  syscall.SIGKILL,
	}
	return command
}
