/*
 * The folder of the server's own, and files in it that have no name: they are gone
 * when they are closed, also by the death of the process.
 *
 * All files together stay within a limit, which the children count for each other:
 * clients cannot fill the disk.
 */
#include "wsgictl.h"
#include "unixd.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#ifndef O_PATH /* which needs no right to list the folder */
#define O_PATH O_RDONLY
#endif
#define NAMES "kept."

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
        apr_snprintf(name, sizeof(name), NAMES "%ld.%u", (long)getpid(), apr_atomic_inc32(&number));
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

/* Whether nobody but root, or who started a server that is not root's, can put something else in the place of a file. */
static int is_safe(const struct stat *found)
{
    return (found->st_uid == 0 || found->st_uid == geteuid())
           && (S_ISLNK(found->st_mode) || (found->st_mode & (S_IWGRP | S_IWOTH)) == 0 || (found->st_mode & S_ISVTX) != 0);
}

/*
 * Opens the folder in which the last name of a path is, where each folder and each
 * link on its way is safe; else gives -1, and the name at which it stopped.
 */
static int open_parent(apr_pool_t *p, const char *path, const char **name)
{
    char target[4096], *rest = apr_pstrdup(p, path), *part;
    int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), links = 0, before;
    struct stat found;
    ssize_t n;

    while (fd >= 0) {
        *name = part = rest + strspn(rest, "/");
        rest = part + strcspn(part, "/");
        if (rest[strspn(rest, "/")] == '\0') {
            *rest = '\0';
            return fd;
        }
        *rest++ = '\0';
        before = fd;
        fd = -1;
        if (fstatat(before, part, &found, AT_SYMLINK_NOFOLLOW) == 0 && (errno = EPERM, is_safe(&found))) {
            if (!S_ISLNK(found.st_mode)) {
                fd = openat(before, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            } else if ((n = readlinkat(before, part, target, sizeof(target))) > 0 && n < (ssize_t)sizeof(target) && links++ < 40) {
                rest = apr_psprintf(p, "%.*s/%s", (int)n, target, rest);
                fd = *target == '/' ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) : fcntl(before, F_DUPFD_CLOEXEC, 0);
            }
        }
        close(before);
    }
    return -1;
}

/* Opens the folder, which children can write to and nobody else can; makes it where there is none. */
static int open_folder(apr_pool_t *p, const char *path, const char **name)
{
    int parent = open_parent(p, path, name), fd, is_made, refused = EPERM;
    struct stat found;

    if (parent < 0)
        return -1;
    is_made = mkdirat(parent, *name, 0700) == 0;
    fd = is_made || errno == EEXIST ? openat(parent, *name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (fd < 0)
        refused = errno;
    close(parent);
    if (fd >= 0 && fstat(fd, &found) == 0 && (found.st_mode & 077) == 0
        && (found.st_uid == ap_unixd_config.user_id || (geteuid() != 0 && found.st_uid == geteuid())
            /* No other folder of root's is given away, whatever the path leads to. */
            || (is_made && fchown(fd, ap_unixd_config.user_id, ap_unixd_config.group_id) == 0)))
        return fd;
    if (fd >= 0)
        close(fd);
    errno = refused;
    return -1;
}

/* What processes that were killed left, in the moment in which a file has a name. */
static void remove_left(void)
{
    DIR *listed = fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const struct dirent *entry;

    while (listed && (entry = readdir(listed)))
        if (strncmp(entry->d_name, NAMES, strlen(NAMES)) == 0)
            unlinkat(folder, entry->d_name, 0);
    if (listed)
        closedir(listed);
}

static apr_status_t close_folder(void *data)
{
    (void)data;
    close(folder);
    folder = -1;
    return APR_SUCCESS;
}

static int post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    const wsgictl_server *conf = ap_get_module_config(s->module_config, &wsgictl_module);
    const char *path = conf->folder ? ap_server_root_relative(pconf, conf->folder) : NULL, *name = "";
    apr_uint64_t bytes;
    struct statvfs disk;

    (void)plog;
    if (!path || ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG)
        return OK;
    folder = open_folder(ptemp, path, &name);
    if (folder < 0) {
        ap_log_error(APLOG_MARK, APLOG_ERR, errno, s,
                     "wsgictl: no folder of the server's own at %s, because of \"%s\": it has to be of mode 0700 and User's, on a way that nobody "
                     "but %s can change; without it nothing is kept in files", path, name, geteuid() == 0 ? "root" : "root and this account");
        return OK;
    }
    apr_pool_cleanup_register(pconf, NULL, close_folder, apr_pool_cleanup_null);
    remove_left();
    bytes = conf->most >= 0 ? (apr_uint64_t)conf->most : fstatvfs(folder, &disk) == 0 ? (apr_uint64_t)disk.f_bavail * disk.f_frsize / 2 : 0;
    most = bytes / WSGICTL_BLOCK > APR_UINT32_MAX ? APR_UINT32_MAX : (apr_uint32_t)(bytes / WSGICTL_BLOCK);
    return OK;
}

void wsgictl_folder_register(void)
{
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
}
