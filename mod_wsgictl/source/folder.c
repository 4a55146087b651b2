/*
 * The folder of the server's own, and files in it that have no name: they are gone
 * when they are closed, also by the death of the process.
 *
 * All files together stay within a limit, which the children count for each other:
 * clients cannot fill the disk.
 */
#include "wsgictl.h"
#include "unixd.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int folder = -1;   /* a descriptor, or -1 where there is none that can be used */
static apr_uint32_t most; /* blocks of all files together */

int wsgictl_has_folder(void)
{
    return folder >= 0 && wsgictl_self;
}

apr_off_t wsgictl_in_memory(void)
{
    return wsgictl_has_folder() ? 16384 : 65536;
}

static int file_without_name(void)
{
    static volatile apr_uint32_t number;
    char name[64];
    int fd;

#ifdef O_TMPFILE
    fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) /* which say that there is no such thing here */
        return fd;
#endif
    do {
        apr_snprintf(name, sizeof(name), "kept.%ld.%u", (long)getpid(), apr_atomic_inc32(&number));
        fd = openat(folder, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0600);
    } while (fd < 0 && errno == EEXIST);
    if (fd >= 0 && unlinkat(folder, name, 0) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static apr_status_t close_file(void *file)
{
    wsgictl_file *f = file;

    close(f->fd);
    apr_atomic_sub32(&wsgictl_self->blocks, f->blocks);
    return APR_SUCCESS;
}

apr_status_t wsgictl_file_open(wsgictl_file **f, apr_int32_t flags, apr_pool_t *owner, apr_pool_t *life)
{
    wsgictl_file *made = apr_pcalloc(life, sizeof(*made));

    if (!wsgictl_has_folder())
        return APR_ENOENT;
    made->fd = file_without_name();
    if (made->fd < 0)
        return errno;
    *f = made;
    apr_pool_cleanup_register(life, made, close_file, apr_pool_cleanup_null);
    return apr_os_file_put(&made->file, &made->fd, APR_FOPEN_READ | APR_FOPEN_WRITE | flags, owner);
}

/* Whether the files may have more blocks. */
static int reserve(apr_uint32_t blocks)
{
    const wsgictl_shared *shared = wsgictl_children();
    apr_uint64_t sum = 0;
    int i;

    apr_atomic_add32(&wsgictl_self->blocks, blocks);
    for (i = 0; i < shared->size; i++)
        sum += apr_atomic_read32(&shared->children[i].blocks);
    if (sum <= most)
        return 1;
    apr_atomic_sub32(&wsgictl_self->blocks, blocks);
    return 0;
}

/* The file is as before where not all could be written. */
apr_status_t wsgictl_file_append(wsgictl_file *f, const char *data, apr_size_t n)
{
    apr_uint32_t blocks = (apr_uint32_t)((f->size + n + WSGICTL_BLOCK - 1) / WSGICTL_BLOCK);
    apr_size_t written = 0;
    ssize_t rv;

    if (blocks > f->blocks) {
        if (!reserve(blocks - f->blocks))
            return WSGICTL_FULL;
        f->blocks = blocks;
    }
    while (written < n) {
        rv = pwrite(f->fd, data + written, n - written, f->size + written); /* Apache reads elsewhere, with the file's own position */
        if (rv < 0 && errno != EINTR)
            return errno;
        written += rv > 0 ? (apr_size_t)rv : 0;
    }
    f->size += n;
    return APR_SUCCESS;
}

static apr_status_t close_folder(void *data)
{
    close(folder);
    folder = -1;
    return APR_SUCCESS;
}

/* The folder has to be there. Nothing is made or written by root's process, so that it does not matter who can change the way to it. */
void wsgictl_folder_open(apr_pool_t *pconf, server_rec *s, const wsgictl_server *conf)
{
    const char *path = ap_server_root_relative(pconf, conf->folder);
    uid_t owner = geteuid() == 0 ? ap_unixd_config.user_id : geteuid();
    apr_uint64_t bytes = conf->most;
    struct statvfs disk;
    struct stat found;

    folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 || fstat(folder, &found) != 0 || found.st_uid != owner || (found.st_mode & 077) != 0) {
        ap_log_error(APLOG_MARK, APLOG_ERR, folder < 0 ? errno : 0, s,
                     "wsgictl: nothing is kept in files: WSGICtlFolder %s has to be there, of mode 0700, and of account %ld", path, (long)owner);
        close_folder(NULL);
        return;
    }
    apr_pool_cleanup_register(pconf, NULL, close_folder, apr_pool_cleanup_null);
    if (conf->most < 0)
        bytes = fstatvfs(folder, &disk) == 0 ? (apr_uint64_t)disk.f_bavail * disk.f_frsize / 2 : 0;
    bytes /= WSGICTL_BLOCK;
    most = bytes > APR_UINT32_MAX ? APR_UINT32_MAX : (apr_uint32_t)bytes;
}
