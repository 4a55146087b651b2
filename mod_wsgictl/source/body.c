/*
 * The body first: a request goes to a daemon process when all of its body has
 * come, so that a client that is slow to send holds no thread of the application.
 *
 * The body is kept in memory and then in a file that has no name, and is read
 * from there by mod_wsgi as from the client: through the filters of the request,
 * of which this is the first.
 */
#include "wsgictl.h"
#include "unixd.h"
#include "apr_lib.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define IN_MEMORY 65536 /* bytes of a body; what is beyond is in the file */

static const char *folder; /* NULL where there is none that can be used */

typedef struct {
    apr_bucket_brigade *kept, *rest;
    apr_file_t *file;
    apr_off_t size, in_file;
} body;

apr_status_t wsgictl_file(apr_pool_t *p, apr_file_t **file)
{
    char *path;
    apr_status_t rv;

    if (!folder)
        return APR_ENOENT;
    path = apr_pstrcat(p, folder, "/kept.XXXXXX", NULL);
    rv = apr_file_mktemp(file, path, APR_FOPEN_CREATE | APR_FOPEN_READ | APR_FOPEN_WRITE | APR_FOPEN_EXCL, p);
    return rv == APR_SUCCESS ? apr_file_remove(path, p) : rv;
}

/* Keeps what a brigade holds; *ended: it held the end. */
static apr_status_t keep(request_rec *r, body *own, apr_bucket_brigade *bb, int *ended)
{
    apr_bucket *b;
    const char *data;
    apr_size_t n;
    apr_status_t rv = APR_SUCCESS;

    for (b = APR_BRIGADE_FIRST(bb); rv == APR_SUCCESS && b != APR_BRIGADE_SENTINEL(bb) && !*ended; b = APR_BUCKET_NEXT(b)) {
        *ended = APR_BUCKET_IS_EOS(b);
        if (APR_BUCKET_IS_METADATA(b))
            continue;
        if ((rv = apr_bucket_read(b, &data, &n, APR_BLOCK_READ)) != APR_SUCCESS)
            break;
        if (own->size + (apr_off_t)n <= IN_MEMORY || !folder) {
            rv = apr_brigade_write(own->kept, NULL, NULL, data, n);
        } else if (own->file || (rv = wsgictl_file(r->pool, &own->file)) == APR_SUCCESS) {
            rv = apr_file_write_full(own->file, data, n, NULL);
            own->in_file += n;
        }
        own->size += n;
    }
    return rv;
}

/* Whether the body is to be taken, and up to which size. */
static int is_wanted(request_rec *r, const wsgictl_dir *conf, apr_off_t *limit)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    const char *encoding = apr_table_get(r->headers_in, "Transfer-Encoding");
    apr_off_t announced, allowed = ap_get_limit_req_body(r);
    char *end;

    if (conf->body_first == 0 || r->main || apr_table_get(r->headers_in, "Upgrade"))
        return 0;
    if (strncmp(r->handler, "wsgi-script", 11) == 0 && r->finfo.filetype != APR_REG)
        return 0; /* mod_wsgi refuses it */
    *limit = conf->body_size >= 0 ? conf->body_size : APR_INT64_MAX;
    if (!folder && *limit > IN_MEMORY)
        *limit = IN_MEMORY;
    if (encoding)
        return conf->chunked == 1 && !length && strcasecmp(encoding, "chunked") == 0;
    if (!length || !apr_isdigit(*length) || apr_strtoff(&announced, length, &end, 10) != APR_SUCCESS || *end != '\0')
        return 0;
    return announced > 0 && announced <= *limit && (allowed == 0 || announced <= allowed);
}

/* Takes the body of a request that mod_wsgi will handle. Gives DECLINED, or the status that the client is to have. */
int wsgictl_body_take(request_rec *r)
{
    const wsgictl_dir *conf = ap_get_module_config(r->per_dir_config, &wsgictl_module);
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;
    apr_table_t *headers;
    apr_bucket_brigade *bb;
    apr_off_t limit;
    apr_status_t rv;
    int ended = 0;
    body *own;

    if (!is_wanted(r, conf, &limit))
        return DECLINED;
    headers = apr_table_copy(r->pool, r->headers_in);
    own = apr_pcalloc(r->pool, sizeof(*own));
    own->kept = apr_brigade_create(r->pool, alloc);
    own->rest = apr_brigade_create(r->pool, alloc);
    bb = apr_brigade_create(r->pool, alloc);
    while (!ended && own->size < limit) {
        rv = ap_get_brigade(r->input_filters, bb, AP_MODE_READBYTES, APR_BLOCK_READ, HUGE_STRING_LEN);
        if (rv != APR_SUCCESS) {
            ap_log_rerror(APLOG_MARK, APLOG_INFO, rv, r, "wsgictl: the body of the request did not come whole");
            return ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
        }
        rv = keep(r, own, bb, &ended);
        apr_brigade_cleanup(bb);
        if (rv != APR_SUCCESS) {
            ap_log_rerror(APLOG_MARK, APLOG_ERR, rv, r, "wsgictl: cannot keep the body of the request in a file in %s", folder);
            return HTTP_SERVICE_UNAVAILABLE;
        }
    }
    r->headers_in = headers; /* of which filters take some as they read (inflate_in_filter in mod_deflate.c): the application has them */
    if (ended && apr_table_get(headers, "Transfer-Encoding")) { /* mod_wsgi then has no need of WSGIChunkedRequest */
        apr_table_unset(headers, "Transfer-Encoding");
        apr_table_setn(headers, "Content-Length", apr_off_t_toa(r->pool, own->size));
    }
    if (own->in_file > 0)
        apr_bucket_file_enable_mmap(apr_brigade_insert_file(own->kept, own->file, 0, own->in_file, r->pool), 0);
    if (ended)
        APR_BRIGADE_INSERT_TAIL(own->kept, apr_bucket_eos_create(alloc));
    ap_add_input_filter("WSGICTL_BODY", own, r, r->connection);
    return DECLINED;
}

/* Gives what was kept, and then what comes further: of a body that went beyond the limit. */
static apr_status_t body_in(ap_filter_t *f, apr_bucket_brigade *bb, ap_input_mode_t mode, apr_read_type_e block, apr_off_t n)
{
    body *own = f->ctx;
    apr_bucket *after;
    apr_status_t rv;

    if (mode != AP_MODE_READBYTES || APR_BRIGADE_EMPTY(own->kept))
        return ap_get_brigade(f->next, bb, mode, block, n);
    rv = apr_brigade_partition(own->kept, n, &after);
    if (rv != APR_SUCCESS && rv != APR_INCOMPLETE)
        return rv;
    apr_brigade_split_ex(own->kept, after, own->rest);
    APR_BRIGADE_CONCAT(bb, own->kept);
    APR_BRIGADE_CONCAT(own->kept, own->rest);
    return APR_SUCCESS;
}

/* The folder is the server's own: children can write there, and nobody else can. */
static int post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    const wsgictl_server *conf = ap_get_module_config(s->module_config, &wsgictl_module);
    const char *path = conf->folder ? ap_server_root_relative(pconf, conf->folder) : NULL;
    struct stat found;
    int fd, is_made, is_ours;

    (void)plog, (void)ptemp;
    folder = NULL;
    if (!path || ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG)
        return OK;
    is_made = mkdir(path, 0700) == 0;
    if (!is_made && errno != EEXIST)
        fd = -1;
    else
        fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    is_ours = fd >= 0 && fstat(fd, &found) == 0 && (found.st_mode & 077) == 0
              && (found.st_uid == ap_unixd_config.user_id || (geteuid() != 0 && found.st_uid == geteuid())
                  /* No other folder of root's is given away, whatever the path leads to. */
                  || (is_made && fchown(fd, ap_unixd_config.user_id, ap_unixd_config.group_id) == 0));
    if (is_ours)
        folder = path;
    else
        ap_log_error(APLOG_MARK, APLOG_ERR, fd < 0 ? errno : 0, s,
                     "wsgictl: no folder of the server's own (mode 0700) at %s: what is beyond %d bytes is not kept", path, IN_MEMORY);
    if (fd >= 0)
        close(fd);
    return OK;
}

void wsgictl_body_register(void)
{
    ap_register_input_filter("WSGICTL_BODY", body_in, NULL, AP_FTYPE_RESOURCE - 1);
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
}
