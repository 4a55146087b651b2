/*
 * The body first: a request goes to a daemon process when all of its body has
 * come, so that a client that is slow to send holds no thread of the application.
 *
 * The body is kept in memory as long as the client has more of it at hand, and
 * in a file when it has to be waited for. From there it is read by mod_wsgi as
 * from the client: through the filters of the request, of which this is the first.
 */
#include "wsgictl.h"
#include <poll.h>

#define COMING 98304       /* bytes after which a body goes to a file although more of it is at hand */
#define AT_ONCE (4 * APR_BUCKET_BUFF_SIZE) /* bytes to read, of what is here: those of another multiple would be split, and copied */
#define LARGEST 1073741824 /* bytes of a body, where neither WSGICtlBodyFirst nor LimitRequestBody has a limit */

typedef struct {
    apr_bucket_brigade *kept;
    wsgictl_file *file; /* what comes before that */
    apr_off_t size;
} body;

static ap_filter_rec_t *filter;

/* Moves what a brigade holds to what is kept in memory. Gives whether it held the end. */
static int keep(body *own, apr_bucket_brigade *bb, apr_status_t *rv)
{
    const char *data;
    apr_size_t n;
    apr_bucket *b;

    for (*rv = APR_SUCCESS; *rv == APR_SUCCESS && !APR_BRIGADE_EMPTY(bb);) {
        b = APR_BRIGADE_FIRST(bb);
        if (APR_BUCKET_IS_EOS(b))
            return 1;
        n = 0;
        if (!APR_BUCKET_IS_METADATA(b))
            *rv = apr_bucket_read(b, &data, &n, APR_BLOCK_READ);
        own->size += n;
        APR_BUCKET_REMOVE(b);
        /* To copy all would cost 15 % of the instructions of 100 kB posted. Small ones are put together: each takes 8 kB. So are those that share their memory, behind which it is not free. */
        if (n >= 4096 && APR_BUCKET_IS_HEAP(b) && ((apr_bucket_heap *)b->data)->refcount.refcount == 1) {
            APR_BRIGADE_INSERT_TAIL(own->kept, b);
            continue;
        }
        if (n > 0)
            *rv = apr_brigade_write(own->kept, NULL, NULL, data, n);
        apr_bucket_destroy(b);
    }
    return 0;
}

/* Whether more of the body is here. A stream of HTTP/2 has no socket to ask. */
static int has_more(request_rec *r, apr_bucket_brigade *bb)
{
    struct pollfd fd = { .events = POLLIN };
    int more;

    if (r->connection->master)
        return 0;
    apr_os_sock_get(&fd.fd, ap_get_conn_socket(r->connection));
    if (poll(&fd, 1, 0) > 0)
        return 1;
    more = ap_get_brigade(r->connection->input_filters, bb, AP_MODE_SPECULATIVE, APR_NONBLOCK_READ, 1) == APR_SUCCESS
           && !APR_BRIGADE_EMPTY(bb); /* what mod_ssl has read */
    apr_brigade_cleanup(bb);
    return more;
}

/* Writes what is in memory to the file. */
static apr_status_t to_file(request_rec *r, body *own)
{
    apr_status_t rv = own->file ? APR_SUCCESS : wsgictl_file_open(&own->file, 0, r->pool, r->pool);
    const char *data;
    apr_size_t n;

    while (rv == APR_SUCCESS && !APR_BRIGADE_EMPTY(own->kept)) {
        rv = apr_bucket_read(APR_BRIGADE_FIRST(own->kept), &data, &n, APR_BLOCK_READ);
        if (rv == APR_SUCCESS && (rv = wsgictl_file_append(own->file, data, n)) == APR_SUCCESS)
            apr_bucket_delete(APR_BRIGADE_FIRST(own->kept));
    }
    return rv;
}

/* Whether the body is to be taken, and up to which size. */
static int is_wanted(request_rec *r, const wsgictl_dir *conf, apr_off_t *limit)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    const char *encoding = apr_table_get(r->headers_in, "Transfer-Encoding");
    apr_off_t announced, allowed = ap_get_limit_req_body(r);

    if (conf->body_first == 0 || r->main || apr_table_get(r->headers_in, "Upgrade"))
        return 0;
    if (strncmp(r->handler, "wsgi-script", 11) == 0 && r->finfo.filetype != APR_REG)
        return 0; /* mod_wsgi refuses it */
    *limit = conf->body_size >= 0 ? conf->body_size : allowed > 0 ? allowed : LARGEST;
    if (!wsgictl_has_folder() && *limit > wsgictl_in_memory())
        *limit = wsgictl_in_memory();
    if (encoding)
        return conf->chunked == 1 && !length && strcasecmp(encoding, "chunked") == 0;
    if (!length || !wsgictl_is_number(length, &announced))
        return 0;
    return announced > 0 && announced <= *limit && (allowed == 0 || announced <= allowed);
}

/* Reads up to the limit, or until no more can be kept. Gives OK, or the status that the client is to have. */
static int take(request_rec *r, body *own, apr_off_t limit, int *ended)
{
    apr_bucket_brigade *bb = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_status_t rv = APR_SUCCESS;

    for (*ended = 0; rv == APR_SUCCESS && !*ended && own->size < limit; apr_brigade_cleanup(bb)) {
        rv = ap_get_brigade(r->input_filters, bb, AP_MODE_READBYTES, APR_BLOCK_READ, AT_ONCE);
        if (rv != APR_SUCCESS) {
            ap_log_rerror(APLOG_MARK, APLOG_INFO, rv, r, "wsgictl: the body of the request did not come whole");
            return ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
        }
        *ended = keep(own, bb, &rv);
        if (rv == APR_SUCCESS && !*ended && (own->file || (own->size > wsgictl_in_memory() && (own->size > COMING || !has_more(r, bb)))))
            rv = to_file(r, own);
    }
    if (rv == APR_SUCCESS)
        return OK;
    if (rv == WSGICTL_FULL) {
        ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r, "wsgictl: the limit of WSGICtlFolder is reached: the application waits for the client");
        return OK;
    }
    ap_log_rerror(APLOG_MARK, APLOG_ERR, rv, r, "wsgictl: cannot keep the body of the request in a file of WSGICtlFolder");
    return HTTP_SERVICE_UNAVAILABLE;
}

/* Takes the body of a request that mod_wsgi will handle. Gives DECLINED, or the status that the client is to have. */
int wsgictl_body_take(request_rec *r)
{
    const wsgictl_dir *conf = ap_get_module_config(r->per_dir_config, &wsgictl_module);
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;
    apr_bucket_brigade *in_memory;
    apr_table_t *headers;
    apr_off_t limit;
    int ended, status;
    body *own;

    if (!is_wanted(r, conf, &limit))
        return DECLINED;
    headers = apr_table_copy(r->pool, r->headers_in);
    own = apr_pcalloc(r->pool, sizeof(*own));
    own->kept = in_memory = apr_brigade_create(r->pool, alloc);
    status = take(r, own, limit, &ended);
    if (status != OK)
        return status;
    r->headers_in = headers; /* of which filters take some as they read (inflate_in_filter in mod_deflate.c): the application has them */
    if (ended && apr_table_get(headers, "Transfer-Encoding")) { /* mod_wsgi then has no need of WSGIChunkedRequest */
        apr_table_unset(headers, "Transfer-Encoding");
        apr_table_setn(headers, "Content-Length", apr_off_t_toa(r->pool, own->size));
    }
    if (own->file && own->file->size > 0) {
        own->kept = apr_brigade_create(r->pool, alloc);
        apr_bucket_file_enable_mmap(apr_brigade_insert_file(own->kept, own->file->file, 0, own->file->size, r->pool), 0);
        APR_BRIGADE_CONCAT(own->kept, in_memory);
    }
    if (ended)
        APR_BRIGADE_INSERT_TAIL(own->kept, apr_bucket_eos_create(alloc));
    ap_add_input_filter_handle(filter, own, r, r->connection);
    return DECLINED;
}

/* Gives what was kept, and then what comes further: of a body that was not taken whole. */
static apr_status_t body_in(ap_filter_t *f, apr_bucket_brigade *bb, ap_input_mode_t mode, apr_read_type_e block, apr_off_t n)
{
    body *own = f->ctx;
    apr_off_t most = n < APR_BUCKET_BUFF_SIZE ? n : APR_BUCKET_BUFF_SIZE; /* as is read of a file at once: else each piece would become two */
    apr_off_t left = most;
    apr_bucket *b;

    if (mode != AP_MODE_READBYTES || APR_BRIGADE_EMPTY(own->kept))
        return ap_get_brigade(f->next, bb, mode, block, n);
    while (left > 0 && !APR_BRIGADE_EMPTY(own->kept)) {
        b = APR_BRIGADE_FIRST(own->kept);
        if ((apr_off_t)b->length > left) {
            if (left < most) /* less than was asked for is better than a copy of it */
                break;
            apr_bucket_split(b, (apr_size_t)left);
        }
        left -= b->length;
        APR_BUCKET_REMOVE(b);
        APR_BRIGADE_INSERT_TAIL(bb, b);
    }
    return APR_SUCCESS;
}

void wsgictl_body_register(void)
{
    filter = ap_register_input_filter("WSGICTL_BODY", body_in, NULL, AP_FTYPE_RESOURCE - 1);
}
