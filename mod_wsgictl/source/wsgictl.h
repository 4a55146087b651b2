/* What the files of mod_wsgictl share. */
#ifndef WSGICTL_H
#define WSGICTL_H

#include "httpd.h"
#include "http_config.h"
#include "http_connection.h"
#include "http_core.h"
#include "http_log.h"
#include "http_protocol.h"
#include "http_request.h"
#include "ap_mpm.h"
#include "apr_atomic.h"
#include "apr_strings.h"

extern module AP_MODULE_DECLARE_DATA wsgictl_module;

typedef struct {
    apr_off_t drain;    /* WSGICtlDrain, seconds */
    const char *folder; /* WSGICtlFolder, NULL: nothing is kept in files */
    apr_array_header_t *reload_on; /* WSGICtlReloadOn, paths */
    apr_off_t most;     /* bytes in all files of the folder together; -1: not given */
} wsgictl_server;       /* the main server's counts */

typedef struct {
    int body_first;      /* WSGICtlBodyFirst; 0: off, -1: not given */
    int chunked;         /* bodies in chunks too, which get a length; -1: not given */
    apr_off_t body_size; /* largest, bytes; -1: as LimitRequestBody has it */
    apr_off_t spool;     /* WSGICtlSpool, bytes of a response in a file; -1: not given */
} wsgictl_dir;

int wsgictl_is_number(const char *text, apr_off_t *number); /* of decimal digits alone */

/* children.c: what children of the server tell each other and their parent. */
typedef struct { /* what a child has under way */
    volatile apr_uint32_t pid;
    volatile apr_uint32_t open;   /* connections */
    volatile apr_uint32_t held;   /* those of them on which a request for a daemon process is, or may come */
    volatile apr_uint32_t blocks; /* of WSGICTL_BLOCK bytes in files */
    apr_uint32_t apart[12];       /* a cache line of its own */
} wsgictl_child;

typedef struct {
    wsgictl_child *children; /* in shared memory */
    int size;
} wsgictl_shared;

#define WSGICTL_BLOCK 65536

extern wsgictl_child *wsgictl_self;        /* set in children only; NULL where there is no memory to share */
wsgictl_shared *wsgictl_children(void);    /* NULL where there is none */
apr_int64_t wsgictl_now(void);             /* milliseconds of a clock that nobody sets */
void wsgictl_children_share(server_rec *s);
void wsgictl_children_register(void);

/* folder.c: files without names, all of them together within a limit. */
#define WSGICTL_FULL (APR_OS_START_USERERR + 14) /* the limit of all files together is reached */

typedef struct {
    apr_file_t *file;
    apr_off_t size;
    apr_uint32_t blocks;
    int fd;
} wsgictl_file;

int wsgictl_has_folder(void);
/* Bytes of a body, or of a response, that are in memory before the rest goes to a file; or at most, where there is no folder. */
apr_off_t wsgictl_in_memory(void);
/* A new file, with more flags of apr_file_open; it is closed, and counts no more, when the pool "life" is cleared. */
apr_status_t wsgictl_file_open(wsgictl_file **f, apr_int32_t flags, apr_pool_t *owner, apr_pool_t *life);
apr_status_t wsgictl_file_append(wsgictl_file *f, const char *data, apr_size_t n);
void wsgictl_folder_open(apr_pool_t *pconf, server_rec *s, const wsgictl_server *conf);

/* reload.c */
int wsgictl_reload_wait(apr_pool_t *pconf, server_rec *s); /* before what of pconf there is now is cleared */
void wsgictl_reload_register(void);
/* A request that may be handed to a daemon process is about to run (is_wsgi), or one that is not. */
void wsgictl_reload_request(request_rec *r, int is_wsgi);

/* reload_on.c */
void wsgictl_reload_on_register(void);

/* body.c */
void wsgictl_body_register(void);
int wsgictl_body_take(request_rec *r);

/* response.c */
void wsgictl_response_register(void);
void wsgictl_response_keep(request_rec *r);

#endif
