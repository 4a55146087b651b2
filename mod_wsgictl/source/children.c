/*
 * What the children of the server count for each other and for their parent, in
 * memory that they share: what each has under way, and what it keeps in files.
 * What a child counted that was killed counts no more.
 */
#include "wsgictl.h"
#include "mpm_common.h"
#include "apr_shm.h"
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define FORM "mod_wsgictl 3" /* the number is that of what is shared: children of a former module may still use theirs */

wsgictl_child *wsgictl_self;

wsgictl_shared *wsgictl_children(void)
{
    return ap_retained_data_get(FORM);
}

apr_int64_t wsgictl_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (apr_int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Takes a place among the children: a free one, or that of a process that is no more. */
static void child_init(apr_pool_t *p, server_rec *s)
{
    wsgictl_shared *shared = wsgictl_children();
    apr_uint32_t pid, own = (apr_uint32_t)getpid();
    wsgictl_child *c;

    for (c = shared ? shared->children : NULL; c && c < shared->children + shared->size && !wsgictl_self; c++) {
        pid = apr_atomic_read32(&c->pid);
        if (pid != 0 && pid != own && (kill((pid_t)pid, 0) == 0 || errno != ESRCH))
            continue;
        if (apr_atomic_cas32(&c->pid, own, pid) == pid) {
            apr_atomic_set32(&c->open, 0);
            apr_atomic_set32(&c->held, 0);
            apr_atomic_set32(&c->blocks, 0);
            wsgictl_self = c;
        }
    }
}

/* In the parent: the files of a child that is no more are gone. */
static void child_status(server_rec *s, pid_t pid, ap_generation_t generation, int slot, mpm_child_status state)
{
    wsgictl_shared *shared = wsgictl_children();
    int i;

    for (i = 0; shared && state == MPM_CHILD_EXITED && i < shared->size; i++)
        if (apr_atomic_read32(&shared->children[i].pid) == (apr_uint32_t)pid) {
            apr_atomic_set32(&shared->children[i].blocks, 0);
            apr_atomic_set32(&shared->children[i].pid, 0);
        }
}

void wsgictl_children_share(server_rec *s)
{
    wsgictl_shared *shared;
    apr_shm_t *memory;
    apr_status_t rv;
    int limit = 0;

    if (wsgictl_children())
        return;
    ap_mpm_query(AP_MPMQ_HARD_LIMIT_DAEMONS, &limit);
    rv = apr_shm_create(&memory, limit * sizeof(wsgictl_child), NULL, s->process->pool);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s, "wsgictl: no memory to share with children: reloads lose requests, and nothing is kept in files");
        return;
    }
    memset(apr_shm_baseaddr_get(memory), 0, limit * sizeof(wsgictl_child));
    shared = ap_retained_data_create(FORM, sizeof(*shared));
    shared->children = apr_shm_baseaddr_get(memory);
    shared->size = limit;
}

void wsgictl_children_register(void)
{
    ap_hook_child_init(child_init, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_child_status(child_status, NULL, NULL, APR_HOOK_MIDDLE);
}
