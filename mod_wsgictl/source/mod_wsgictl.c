/*
 * mod_wsgictl: what mod_wsgi's daemon mode needs of Apache so that slow
 * clients and reloads harm nobody. Its directives, and which requests it
 * looks after; the other files do the work.
 */
#include "wsgictl.h"
#include "apr_lib.h"

static void *create_server(apr_pool_t *p, server_rec *s)
{
    wsgictl_server *conf = apr_pcalloc(p, sizeof(*conf));

    conf->drain = 2;
    conf->most = -1;
    conf->reload_on = apr_array_make(p, 1, sizeof(const char *));
    return conf;
}

int wsgictl_is_number(const char *arg, apr_off_t *number)
{
    char *end;

    return apr_isdigit(*arg) && apr_strtoff(number, arg, &end, 10) == APR_SUCCESS && *end == '\0';
}

static const char *set_drain(cmd_parms *cmd, void *dir, const char *arg)
{
    wsgictl_server *conf = ap_get_module_config(cmd->server->module_config, &wsgictl_module);

    if (!wsgictl_is_number(arg, &conf->drain) || conf->drain > 3600)
        return apr_pstrcat(cmd->pool, "WSGICtlDrain takes whole seconds from 0 to 3600, not \"", arg, "\"", NULL);
    return ap_check_cmd_context(cmd, GLOBAL_ONLY);
}

static const char *set_reload_on(cmd_parms *cmd, void *dir, const char *path)
{
    wsgictl_server *conf = ap_get_module_config(cmd->server->module_config, &wsgictl_module);

    APR_ARRAY_PUSH(conf->reload_on, const char *) = ap_server_root_relative(cmd->pool, path);
    return ap_check_cmd_context(cmd, GLOBAL_ONLY);
}

/* The path, and the size in bytes of all files in it together. */
static const char *set_folder(cmd_parms *cmd, void *dir, const char *path, const char *most)
{
    wsgictl_server *conf = ap_get_module_config(cmd->server->module_config, &wsgictl_module);

    conf->folder = path;
    if (most && !wsgictl_is_number(most, &conf->most))
        return apr_pstrcat(cmd->pool, "WSGICtlFolder takes a size in bytes after the path, not \"", most, "\"", NULL);
    return ap_check_cmd_context(cmd, GLOBAL_ONLY);
}

static void *create_dir(apr_pool_t *p, char *path)
{
    static const wsgictl_dir not_given = { -1, -1, -1, -1 };

    return apr_pmemdup(p, &not_given, sizeof(not_given));
}

static void *merge_dir(apr_pool_t *p, void *outer, void *inner)
{
    wsgictl_dir *conf = apr_pmemdup(p, ((wsgictl_dir *)inner)->body_first >= 0 ? inner : outer, sizeof(*conf));

    conf->spool = ((wsgictl_dir *)(((wsgictl_dir *)inner)->spool >= 0 ? inner : outer))->spool;
    return conf;
}

static const char *set_spool(cmd_parms *cmd, void *dir, const char *arg)
{
    return wsgictl_is_number(arg, &((wsgictl_dir *)dir)->spool) ? NULL : apr_pstrcat(cmd->pool, "WSGICtlSpool takes a size in bytes, not \"", arg, "\"", NULL);
}

/* On, Off or the largest size in bytes; then "chunked". */
static const char *set_body_first(cmd_parms *cmd, void *dir, const char *arg, const char *more)
{
    wsgictl_dir *conf = dir;

    conf->body_first = strcasecmp(arg, "off") != 0;
    conf->chunked = more != NULL;
    conf->body_size = -1;
    if (more && (strcasecmp(more, "chunked") != 0 || !conf->body_first))
        return apr_pstrcat(cmd->pool, "WSGICtlBodyFirst takes \"chunked\" after On or a size, not \"", arg, " ", more, "\"", NULL);
    if (!conf->body_first || strcasecmp(arg, "on") == 0)
        return NULL;
    if (!wsgictl_is_number(arg, &conf->body_size))
        return apr_pstrcat(cmd->pool, "WSGICtlBodyFirst takes On, Off or a size in bytes, not \"", arg, "\"", NULL);
    return NULL;
}

static const command_rec commands[] = {
    AP_INIT_TAKE1("WSGICtlDrain", set_drain, NULL, RSRC_CONF,
                  "for how many seconds a reload waits for requests that daemon processes work on"),
    AP_INIT_TAKE1("WSGICtlReloadOn", set_reload_on, NULL, RSRC_CONF,
                  "a file for which the server reloads as soon as it is there; may stand several times"),
    AP_INIT_TAKE12("WSGICtlFolder", set_folder, NULL, RSRC_CONF,
                   "the folder of the server's own for what is kept in files; then how many bytes all of them together may have"),
    AP_INIT_TAKE12("WSGICtlBodyFirst", set_body_first, NULL, RSRC_CONF | ACCESS_CONF,
                   "On, Off or the size in bytes up to which the body of a request is read before the application runs; then \"chunked\" for those in chunks too"),
    AP_INIT_TAKE1("WSGICtlSpool", set_spool, NULL, RSRC_CONF | ACCESS_CONF,
                  "how many bytes of a response that a client does not take yet are kept in a file; 0: the client is waited for"),
    { NULL, { NULL }, NULL, 0, NO_ARGS, NULL }
};

/*
 * mod_wsgi's own handlers have fixed names; those of WSGIHandlerScript are
 * taken for its when they begin with "wsgi-", as mod_wsgi-express and wsgictl
 * name theirs.
 */
static int is_wsgi(request_rec *r)
{
    return r->handler && (strncmp(r->handler, "wsgi-", 5) == 0 || strcmp(r->handler, "application/x-httpd-wsgi") == 0);
}

static int before_handler(request_rec *r)
{
    wsgictl_reload_request(r, is_wsgi(r));
    if (!is_wsgi(r))
        return DECLINED;
    wsgictl_response_keep(r);
    return wsgictl_body_take(r);
}

static int post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    const wsgictl_server *conf = ap_get_module_config(s->module_config, &wsgictl_module);

    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG)
        return OK;
    wsgictl_children_share(s);
    if (conf->folder)
        wsgictl_folder_open(pconf, s, conf);
    return wsgictl_reload_wait(pconf, s);
}

static void register_hooks(apr_pool_t *p)
{
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(before_handler, NULL, NULL, APR_HOOK_REALLY_FIRST);
    wsgictl_children_register();
    wsgictl_reload_register();
    wsgictl_reload_on_register();
    wsgictl_body_register();
    wsgictl_response_register();
}

AP_DECLARE_MODULE(wsgictl) = {
    STANDARD20_MODULE_STUFF,
    create_dir, merge_dir,
    create_server, NULL,
    commands,
    register_hooks,
#ifdef AP_MODULE_HAS_FLAGS
    AP_MODULE_FLAG_NONE
#endif
};
