/*
 * A graceful restart that loses no request.
 *
 * Apache's parent tells its children to finish, and in the same millisecond
 * clears its configuration, by which mod_wsgi takes the sockets and processes
 * of its daemons away: who was about to hand a request to one is answered with
 * 503, who waited for one with 500. So the parent waits, before anything of
 * its configuration goes, until no old child can hand over or wait for one.
 *
 * The scoreboard does not tell: event writes SERVER_GRACEFUL over the rows of
 * all threads of a child as soon as that takes notice of the restart, also of
 * those at work (close_listeners in event.c). So children count for themselves
 * in memory that they share with the parent. The count of a child that was
 * killed counts no more: the parent asks the kernel which ones live.
 */
#include "wsgictl.h"
#include "ap_listen.h"
#include "mpm_common.h"
#include "scoreboard.h"
#include "unixd.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK 2   /* milliseconds between two looks at the children */
#define LOOKS 15 /* with nothing under way in a row: a connection that was accepted reaches its thread meanwhile */

typedef struct {
    int held; /* counted as held */
    int idle; /* answered, and waiting for the next request */
} connection;

/*
 * Two sockets, of which the first comes to its end when the parent begins to restart. Daemon
 * processes have both, as they have all that was open when they were forked: no application
 * can take an end away, nor have the parent wait, as it could by a pipe that it fills.
 */
static int restart[2] = { -1, -1 };
static ap_filter_rec_t *idle_filter, *answer_filter;
static int stop; /* a signal to stop that came while the parent waited */

/* Whether the server goes on without this child: true from the moment that the parent begins to restart. */
static int stopping(void)
{
    int generation = 0;

    return ap_mpm_query(AP_MPMQ_GENERATION, &generation) == APR_SUCCESS
           && generation != ap_get_scoreboard_global()->running_generation;
}

static connection *of(conn_rec *c)
{
    return wsgictl_self ? ap_get_module_config(c->conn_config, &wsgictl_module) : NULL;
}

static void hold(connection *own, int held)
{
    if (own && own->held != held) {
        own->held = held;
        held ? apr_atomic_inc32(&wsgictl_self->held) : (apr_uint32_t)apr_atomic_dec32(&wsgictl_self->held);
    }
}

static apr_status_t closed(void *own)
{
    hold(own, 0);
    apr_atomic_dec32(&wsgictl_self->open);
    return APR_SUCCESS;
}

/* That of HTTP/2 is held until it closes: its requests have connections of their own (master). */
static int pre_connection(conn_rec *c, void *socket)
{
    connection *own;

    if (!wsgictl_self || c->master)
        return DECLINED;
    own = apr_pcalloc(c->pool, sizeof(*own));
    ap_set_module_config(c->conn_config, &wsgictl_module, own);
    apr_pool_cleanup_register(c->pool, own, closed, apr_pool_cleanup_null);
    hold(own, 1); /* before open, for the parent's sake */
    apr_atomic_inc32(&wsgictl_self->open);
    ap_add_input_filter_handle(idle_filter, own, NULL, c);
    return DECLINED;
}

static int pre_close(conn_rec *c)
{
    hold(of(c), 0);
    return OK;
}

static void pre_read(request_rec *r, conn_rec *c)
{
    connection *own = of(c);

    hold(own, 1);
    if (own)
        own->idle = c->keepalives > 0;
}

/*
 * Worker and prefork wait for the next request of a client in a thread, for
 * KeepAliveTimeout. Event closes such connections at a restart, and so does
 * this: a request that came later would find no daemon process.
 */
static apr_status_t await_request(conn_rec *c)
{
    struct pollfd fds[] = { { .events = POLLIN }, { .fd = restart[0], .events = POLLIN } };
    apr_interval_time_t limit = -1;
    int ready;

    apr_socket_timeout_get(ap_get_conn_socket(c), &limit);
    apr_os_sock_get(&fds[0].fd, ap_get_conn_socket(c));
    do {
        ready = poll(fds, 2, limit < 0 ? -1 : (int)apr_time_as_msec(limit));
    } while (ready < 0 && errno == EINTR);
    return ready == 0 ? APR_TIMEUP : fds[0].revents == 0 ? APR_EOF : APR_SUCCESS;
}

static apr_status_t idle_in(ap_filter_t *f, apr_bucket_brigade *bb, ap_input_mode_t mode, apr_read_type_e block, apr_off_t n)
{
    connection *own = f->ctx;
    apr_status_t rv;

    if (own->idle && block == APR_BLOCK_READ) {
        rv = ap_get_brigade(f->next, bb, mode, APR_NONBLOCK_READ, n); /* what was read before */
        if (!APR_STATUS_IS_EAGAIN(rv) && !(rv == APR_SUCCESS && APR_BRIGADE_EMPTY(bb))) {
            own->idle = 0;
            return rv;
        }
        rv = await_request(f->c);
        if (rv != APR_SUCCESS)
            return rv;
    }
    if (mode != AP_MODE_EATCRLF)
        own->idle = 0;
    return ap_get_brigade(f->next, bb, mode, block, n);
}

/* The daemon process is done with a request when the end of its answer has come, however slowly the client reads. */
static apr_status_t answer_out(ap_filter_t *f, apr_bucket_brigade *bb)
{
    apr_bucket *b;

    if (stopping())
        f->c->keepalive = AP_CONN_CLOSE;
    for (b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb); b = APR_BUCKET_NEXT(b))
        if (APR_BUCKET_IS_EOS(b))
            hold(of(f->c), 0);
    return ap_pass_brigade(f->next, bb);
}

/*
 * The filter comes before those by which Apache writes the header, which have the same type
 * and are added later. One of a smaller type would have mod_wsgi make a GET of each HEAD.
 */
static int create_request(request_rec *r)
{
    if (of(r->connection) && !r->main && !r->prev) /* the answer of a subrequest is a part of another */
        ap_add_output_filter_handle(answer_filter, NULL, r, r->connection);
    return DECLINED;
}

void wsgictl_reload_request(request_rec *r, int is_wsgi)
{
    if (!r->main)
        hold(of(r->connection), is_wsgi);
}

static int lives(pid_t pid)
{
    siginfo_t info = { .si_pid = 0 };

    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

/*
 * What a child may still want of daemon processes: requests that it has or
 * that may come on connections which it has accepted, and one more as long as
 * it may accept another. Prefork does not tell that; there a child accepts no
 * more after the connection that it has.
 */
static unsigned wanted(const wsgictl_shared *shared, const process_score *process, int is_threaded)
{
    unsigned held = 0, open = 0;
    int i;

    for (i = 0; i < shared->size; i++)
        if (apr_atomic_read32(&shared->children[i].pid) == (apr_uint32_t)process->pid) {
            open = apr_atomic_read32(&shared->children[i].open);
            held = apr_atomic_read32(&shared->children[i].held);
            break;
        }
    if (!(is_threaded ? process->quiescing : open > 0))
        held++;
    return held > 0 && lives(process->pid) ? held : 0;
}

static unsigned under_way(const wsgictl_shared *shared)
{
    const process_score *process;
    int i, is_threaded = 0, former = ap_get_scoreboard_global()->running_generation - 1;
    unsigned sum = 0;

    ap_mpm_query(AP_MPMQ_IS_THREADED, &is_threaded);
    for (i = 0; (process = ap_get_scoreboard_process(i)) != NULL; i++)
        if (process->pid != 0 && process->generation == former)
            sum += wanted(shared, process, is_threaded);
    return sum;
}

/* Runs before all of the configuration is cleared; only at a restart there is one after it. */
static apr_status_t before_clear(void *data)
{
    server_rec *s = data;
    const wsgictl_server *conf = ap_get_module_config(s->module_config, &wsgictl_module);
    const wsgictl_shared *shared = wsgictl_children();
    ap_unixd_mpm_retained_data *mpm = ap_unixd_mpm_get_retained_data();
    const apr_int64_t begun = wsgictl_now();
    unsigned left = 0;
    int looks = 0;

    if (ap_state_query(AP_SQ_MAIN_STATE) != AP_SQ_MS_DESTROY_CONFIG)
        return APR_SUCCESS;
    shutdown(restart[1], SHUT_WR);
    if (conf->drain == 0)
        return APR_SUCCESS;
    while (looks < LOOKS && !mpm->shutdown_pending && wsgictl_now() - begun < conf->drain * 1000) {
        left = under_way(shared);
        looks = left > 0 ? 0 : looks + 1;
        poll(NULL, 0, LOOK);
    }
    if (mpm->shutdown_pending) { /* which is forgotten in a moment (unset_signals in unixd.c) */
        stop = mpm->is_ungraceful ? SIGTERM : AP_SIG_GRACEFUL_STOP;
        mpm->is_ungraceful = 0; /* the restart is graceful: the old children stay known */
    }
    ap_log_error(APLOG_MARK, left > 0 ? APLOG_WARNING : APLOG_INFO, 0, s,
                 "wsgictl: reload after %d ms for requests under way; not waited for: %u",
                 (int)(wsgictl_now() - begun), left);
    return APR_SUCCESS;
}

static int has_daemons(const ap_directive_t *d)
{
    for (; d; d = d->next)
        if (strcasecmp(d->directive, "WSGIDaemonProcess") == 0 || has_daemons(d->first_child))
            return 1;
    return 0;
}

/* Runs after what the MPM has registered later: a signal is not forgotten any more, and the next configuration need not have this module. */
static apr_status_t after_clear(void *data)
{
    if (stop != 0)
        kill(getpid(), stop);
    stop = 0;
    close(restart[0]);
    close(restart[1]);
    restart[0] = restart[1] = -1;
    return APR_SUCCESS;
}

int wsgictl_reload_wait(apr_pool_t *pconf, server_rec *s)
{
    if (!wsgictl_children() || !has_daemons(ap_conftree))
        return OK;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, restart) != 0) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, errno, s, "wsgictl: no sockets that tell children of a reload");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    fcntl(restart[0], F_SETFD, FD_CLOEXEC);
    fcntl(restart[1], F_SETFD, FD_CLOEXEC);
    apr_pool_cleanup_register(pconf, NULL, after_clear, apr_pool_cleanup_null);
    apr_pool_pre_cleanup_register(pconf, s, before_clear);
    return OK;
}

void wsgictl_reload_register(void)
{
    idle_filter = ap_register_input_filter("WSGICTL_IDLE", idle_in, NULL, AP_FTYPE_NETWORK - 1);
    answer_filter = ap_register_output_filter("WSGICTL_ANSWER", answer_out, NULL, AP_FTYPE_PROTOCOL);
    ap_hook_create_request(create_request, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_pre_connection(pre_connection, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_pre_close_connection(pre_close, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_pre_read_request(pre_read, NULL, NULL, APR_HOOK_FIRST);
}
