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
#include "apr_strings.h"

extern module AP_MODULE_DECLARE_DATA wsgictl_module;

typedef struct {
    int drain;          /* WSGICtlDrain, seconds */
    const char *folder; /* WSGICtlFolder, NULL: nothing is kept in files */
} wsgictl_server;       /* the main server's counts */

typedef struct {
    int body_first;      /* WSGICtlBodyFirst; 0: off, -1: not given */
    int chunked;         /* bodies in chunks too, which get a length; -1: not given */
    apr_off_t body_size; /* largest, bytes; -1: as LimitRequestBody has it */
    apr_off_t spool;     /* WSGICtlSpool, bytes of a response in a file; -1: not given */
} wsgictl_dir;

/* reload.c */
void wsgictl_reload_register(void);
/* A request that may be handed to a daemon process is about to run (is_wsgi), or one that is not. */
void wsgictl_reload_request(request_rec *r, int is_wsgi);

/* body.c */
void wsgictl_body_register(void);
int wsgictl_body_take(request_rec *r);
/* A new file without a name, in the folder of the server's own. */
apr_status_t wsgictl_file(apr_pool_t *p, apr_file_t **file);

/* response.c */
void wsgictl_response_register(void);
void wsgictl_response_keep(request_rec *r);

#endif
