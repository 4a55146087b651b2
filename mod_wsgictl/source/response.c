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
 * little larger. Not for HTTP/2, whose streams have no socket to ask.
 */
#include "wsgictl.h"
#include <poll.h>

#define IN_MEMORY 65536 /* bytes of a response; what is beyond is in the file */
#define IN_FILE 1073741824 /* bytes, where WSGICtlSpool is not given */
#define PIECE 16384     /* bytes that a socket which can be written to takes without waiting */

typedef struct {
    apr_bucket_brigade *kept, *out;
    apr_off_t in_memory, limit, given; /* limit of the file, what of it was given on */
    wsgictl_file *file;
} response;

static ap_filter_rec_t *filter;

static int takes_more(conn_rec *c)
{
    struct pollfd fd = { .events = POLLOUT };
    ap_filter_t *last = c->output_filters;

    while (last->next)
        last = last->next;
    if (c->data_in_output_filters) /* has Apache write what it still has, without waiting, as event does */
        last->frec->filter_func.out_func(last, NULL);
    apr_os_sock_get(&fd.fd, ap_get_conn_socket(c));
    return c->aborted || (!c->data_in_output_filters && poll(&fd, 1, 0) > 0);
}

static apr_off_t left(const response *own)
{
    return own->in_memory + (own->file ? own->file->size - own->given : 0);
}

/* Gives on the oldest of what is kept: a piece of at most n bytes. */
static apr_status_t give(ap_filter_t *f, response *own, apr_off_t n)
{
    apr_off_t rest = own->in_memory > 0 ? own->in_memory : left(own);
    apr_bucket *b, *after;
    apr_status_t rv = APR_SUCCESS;

    n = n < rest ? n : rest;
    if (own->in_memory == 0) {
        apr_bucket_file_enable_mmap(apr_brigade_insert_file(own->out, own->file->file, own->given, n, f->c->pool), 0); /* of the connection: else Apache takes the descriptor away (apr_file_setaside) */
        own->given += n;
    } else {
        rv = apr_brigade_partition(own->kept, n, &after);
        while (rv == APR_SUCCESS && (b = APR_BRIGADE_FIRST(own->kept)) != after) {
            APR_BUCKET_REMOVE(b);
            APR_BRIGADE_INSERT_TAIL(own->out, b);
        }
        own->in_memory -= n;
    }
    if (rv == APR_SUCCESS)
        rv = ap_pass_brigade(f->next, own->out);
    apr_brigade_cleanup(own->out);
    return rv;
}

/* Whether the data of a bucket found a place. */
static int keep(ap_filter_t *f, response *own, apr_bucket *b)
{
    const char *data;
    apr_size_t n;

    if (apr_bucket_read(b, &data, &n, APR_BLOCK_READ) != APR_SUCCESS)
        return 0;
    if (left(own) == own->in_memory && own->in_memory + n <= IN_MEMORY) {
        own->in_memory += n;
        return apr_brigade_write(own->kept, NULL, NULL, data, n) == APR_SUCCESS;
    }
    if ((own->file ? own->file->size : 0) + (apr_off_t)n <= own->limit
        && (own->file || wsgictl_file_open(&own->file, f->c->pool, f->r->pool) == APR_SUCCESS)
        && wsgictl_file_append(own->file, data, n) == APR_SUCCESS)
        return 1;
    own->limit = 0; /* no file, or a full one: from here on the client is waited for as without this */
    return 0;
}

static apr_status_t response_out(ap_filter_t *f, apr_bucket_brigade *bb)
{
    response *own = f->ctx;
    apr_status_t rv = APR_SUCCESS;
    apr_bucket *b;
    int gave = 0;

    if (left(own) == 0 && takes_more(f->c))
        return ap_pass_brigade(f->next, bb);
    while (!APR_BRIGADE_EMPTY(bb)) {
        b = APR_BRIGADE_FIRST(bb);
        if (!APR_BUCKET_IS_FLUSH(b) && (APR_BUCKET_IS_METADATA(b) || !keep(f, own, b))) {
            while (rv == APR_SUCCESS && left(own) > 0)
                rv = give(f, own, left(own));
            return rv == APR_SUCCESS ? ap_pass_brigade(f->next, bb) : rv;
        }
        apr_bucket_delete(b);
    }
    while (rv == APR_SUCCESS && left(own) > 0 && takes_more(f->c)) {
        rv = give(f, own, PIECE);
        gave = 1;
    }
    if (rv == APR_SUCCESS && gave && left(own) == 0 && takes_more(f->c)) {
        APR_BRIGADE_INSERT_TAIL(own->out, apr_bucket_flush_create(f->c->bucket_alloc));
        rv = ap_pass_brigade(f->next, own->out);
        apr_brigade_cleanup(own->out);
    }
    return rv;
}

void wsgictl_response_keep(request_rec *r)
{
    const wsgictl_dir *conf = ap_get_module_config(r->per_dir_config, &wsgictl_module);
    ap_filter_t *f = r->output_filters;
    response *own;

    while (f && f->frec != filter) /* which is there already after an internal redirect */
        f = f->next;
    if (f || r->main || r->connection->master || conf->spool == 0)
        return;
    own = apr_pcalloc(r->pool, sizeof(*own));
    own->kept = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    own->out = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    own->limit = conf->spool > 0 ? conf->spool : IN_FILE;
    ap_add_output_filter_handle(filter, own, r, r->connection);
}

void wsgictl_response_register(void)
{
    filter = ap_register_output_filter("WSGICTL_RESPONSE", response_out, NULL, AP_FTYPE_TRANSCODE + 5);
}
