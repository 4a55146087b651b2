/*
 * The response last: what a client does not take yet is kept, in memory and
 * then in a file that has no name, so that the thread of the application is
 * free when it is done, and not when the client has read all.
 *
 * A filter below those that make the response asks by poll whether the client's
 * socket takes more. As long as it does and nothing is kept, all goes through at
 * once, flushes too: responses that trickle are not held up. The end of the
 * response takes with it what is still kept, and Apache sends the file as it
 * does static ones. TLS is below this filter, and what it makes of a piece is
 * little larger.
 *
 * A stream of HTTP/2 has no socket to ask. But it takes files without waiting for
 * its client: what memory it has may not take goes to it as parts of a file.
 */
#include "wsgictl.h"
#include <poll.h>

#define IN_FILE 1073741824 /* bytes, where WSGICtlSpool is not given */
#define PIECE 16384     /* bytes that a socket which can be written to takes without waiting */
#define PATIENCE 1000   /* milliseconds that a response without a length waits for its client, where the application pauses */
#define STREAM 32768    /* bytes that a stream of HTTP/2 has in memory: half of what H2StreamMaxMemSize allows */
#define PART 1048576    /* bytes in the file that go to the stream at once */
#define PARTS 1000      /* of a response, each of which takes memory */

typedef struct {
    apr_bucket_brigade *kept; /* in memory, or what goes on */
    apr_off_t in_memory, limit, given; /* limit of the file, what of it was given on */
    int patience, parts;
    apr_int32_t flags; /* of the file */
    wsgictl_file *file;
} response;

static ap_filter_rec_t *filter, *stream_filter;

/* Whether the client takes more: at once, or while it is waited for, in milliseconds of which it takes. */
static int takes_more(conn_rec *c, int *wait)
{
    struct pollfd fd = { .events = POLLOUT };
    ap_filter_t *last = c->output_filters;
    apr_int64_t begun;

    while (last->next)
        last = last->next;
    apr_os_sock_get(&fd.fd, ap_get_conn_socket(c));
    for (;;) {
        if (c->data_in_output_filters) /* has Apache write what it still has, without waiting, as event does */
            last->frec->filter_func.out_func(last, NULL);
        if (c->aborted || (!c->data_in_output_filters && poll(&fd, 1, 0) > 0))
            return 1;
        if (!wait || *wait <= 0)
            return 0;
        begun = wsgictl_now();
        poll(&fd, 1, *wait);
        *wait -= (int)(wsgictl_now() - begun);
    }
}

static apr_off_t in_file(const response *own)
{
    return own->file ? own->file->size - own->given : 0;
}

static apr_off_t left(const response *own)
{
    return own->in_memory + in_file(own);
}

static apr_status_t pass(ap_filter_t *f, response *own)
{
    apr_status_t rv = APR_BRIGADE_EMPTY(own->kept) ? APR_SUCCESS : ap_pass_brigade(f->next, own->kept);

    apr_brigade_cleanup(own->kept);
    return rv;
}

/* Puts a part of the file behind what is in memory. */
static void take_of_file(ap_filter_t *f, response *own, apr_file_t *file, apr_off_t n)
{
    apr_bucket_file_enable_mmap(apr_brigade_insert_file(own->kept, file, own->given, n, f->c->pool), 0); /* of the connection: else Apache takes the descriptor away (apr_file_setaside) */
    own->given += n;
}

/* Gives on the oldest of what is kept: all that is in memory, or at most n bytes of the file. */
static apr_status_t give(ap_filter_t *f, response *own, apr_off_t n)
{
    if (own->in_memory == 0)
        take_of_file(f, own, own->file->file, n < in_file(own) ? n : in_file(own));
    own->in_memory = 0;
    return pass(f, own);
}

/* Whether data found a place in the file, which lasts as long as that. */
static int to_file(ap_filter_t *f, response *own, const char *data, apr_size_t n, apr_pool_t *life)
{
    if ((own->file ? own->file->size : 0) + (apr_off_t)n <= own->limit
        && (own->file || wsgictl_file_open(&own->file, own->flags, f->c->pool, life) == APR_SUCCESS)
        && wsgictl_file_append(own->file, data, n) == APR_SUCCESS)
        return 1;
    own->limit = 0; /* no file, or a full one: from here on the client is waited for as without this */
    return 0;
}

/* Whether the data of a bucket found a place. */
static int keep(ap_filter_t *f, response *own, apr_bucket *b)
{
    const char *data;
    apr_size_t n;

    if (apr_bucket_read(b, &data, &n, APR_BLOCK_READ) != APR_SUCCESS)
        return 0;
    if (in_file(own) > 0 || own->in_memory + (apr_off_t)n > wsgictl_in_memory())
        return to_file(f, own, data, n, f->r->pool);
    own->in_memory += n;
    return apr_brigade_write(own->kept, NULL, NULL, data, n) == APR_SUCCESS;
}

static int has_length(request_rec *r)
{
    return apr_table_get(r->headers_out, "Content-Length") != NULL;
}

static apr_status_t response_out(ap_filter_t *f, apr_bucket_brigade *bb)
{
    response *own = f->ctx;
    apr_status_t rv = APR_SUCCESS;
    int gave = 0, pauses = 0, *wait;
    apr_bucket *b;

    if (left(own) == 0 && takes_more(f->c, NULL))
        return ap_pass_brigade(f->next, bb);
    while (!APR_BRIGADE_EMPTY(bb)) {
        b = APR_BRIGADE_FIRST(bb);
        pauses = APR_BUCKET_IS_FLUSH(b);
        if (!pauses && (APR_BUCKET_IS_METADATA(b) || !keep(f, own, b))) {
            while (rv == APR_SUCCESS && left(own) > 0)
                rv = give(f, own, left(own));
            return rv == APR_SUCCESS ? ap_pass_brigade(f->next, bb) : rv;
        }
        apr_bucket_delete(b);
    }
    wait = pauses && !has_length(f->r) ? &own->patience : NULL; /* nobody gives on the rest until the application goes on */
    if (f->r->content_type && strncasecmp(f->r->content_type, "text/event-stream", 17) == 0)
        own->patience = (int)apr_time_as_msec(f->r->server->timeout); /* such an application keeps its thread anyhow */
    while (rv == APR_SUCCESS && left(own) > 0 && takes_more(f->c, wait)) {
        rv = give(f, own, PIECE);
        gave = 1;
    }
    if (rv == APR_SUCCESS && gave && left(own) == 0 && takes_more(f->c, wait)) {
        APR_BRIGADE_INSERT_TAIL(own->kept, apr_bucket_flush_create(f->c->bucket_alloc));
        rv = pass(f, own);
    }
    return rv;
}

/* Gives the stream what is new in the file. Each part has a structure of its own, which mod_http2 takes away, and the same descriptor. */
static void give_part(ap_filter_t *f, response *own)
{
    apr_file_t *file;

    if (in_file(own) == 0)
        return;
    apr_os_file_put(&file, &own->file->fd, APR_FOPEN_READ, f->c->pool);
    take_of_file(f, own, file, in_file(own));
    own->parts++;
}

/* Takes the first bucket. Gives 0 where its data found no place. */
static int take_of_stream(ap_filter_t *f, response *own, apr_bucket *b)
{
    const char *data;
    apr_size_t n;

    if (APR_BUCKET_IS_METADATA(b)) {
        if (!APR_BUCKET_IS_FLUSH(b) || !has_length(f->r) || in_file(own) >= STREAM)
            give_part(f, own);
    } else {
        if (own->parts >= PARTS || apr_bucket_read(b, &data, &n, APR_BLOCK_READ) != APR_SUCCESS)
            return 0;
        if (own->file || own->in_memory + (apr_off_t)n > STREAM) {
            if (!to_file(f, own, data, n, f->c->pool)) /* that of the stream, which goes when all is sent */
                return 0;
            if (in_file(own) >= PART)
                give_part(f, own);
            apr_bucket_delete(b);
            return 1;
        }
        own->in_memory += n;
    }
    APR_BUCKET_REMOVE(b);
    APR_BRIGADE_INSERT_TAIL(own->kept, b);
    return 1;
}

static apr_status_t stream_out(ap_filter_t *f, apr_bucket_brigade *bb)
{
    response *own = f->ctx;

    while (!APR_BRIGADE_EMPTY(bb) && take_of_stream(f, own, APR_BRIGADE_FIRST(bb)))
        continue;
    if (!APR_BRIGADE_EMPTY(bb)) {
        give_part(f, own);
        APR_BRIGADE_CONCAT(own->kept, bb);
        ap_remove_output_filter(f);
    }
    return pass(f, own);
}

void wsgictl_response_keep(request_rec *r)
{
    const wsgictl_dir *conf = ap_get_module_config(r->per_dir_config, &wsgictl_module);
    const core_dir_config *core = ap_get_core_module_config(r->per_dir_config);
    ap_filter_rec_t *wanted = r->connection->master ? stream_filter : filter;
    ap_filter_t *f = r->output_filters;
    response *own;

    while (f && f->frec != wanted) /* which is there already after an internal redirect */
        f = f->next;
    if (f || r->main || conf->spool == 0)
        return;
    own = apr_pcalloc(r->pool, sizeof(*own));
    own->kept = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    own->limit = conf->spool > 0 ? conf->spool : IN_FILE;
    own->patience = PATIENCE;
    if (core->enable_sendfile != ENABLE_SENDFILE_OFF) /* by which the kernel sends: else 64 kB of the file are in memory, of each client */
        own->flags = APR_FOPEN_SENDFILE_ENABLED;
    ap_add_output_filter_handle(wanted, own, r, r->connection);
}

void wsgictl_response_register(void)
{
    filter = ap_register_output_filter("WSGICTL_RESPONSE", response_out, NULL, AP_FTYPE_TRANSCODE + 5);
    stream_filter = ap_register_output_filter("WSGICTL_STREAM", stream_out, NULL, AP_FTYPE_TRANSCODE + 5);
}
