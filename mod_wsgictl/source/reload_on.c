/*
 * A reload as soon as something waits for one, such as a certificate that
 * mod_md has obtained: it does so in a child process, as User, which cannot
 * reload the server. The parent can, and looks for the file that is there then.
 * It reads nothing of it. Who can make the file can have the server reload, but
 * no more often than every ten minutes.
 */
#include "wsgictl.h"
#include "mpm_common.h"
#include <signal.h>
#include <unistd.h>

#define FORM "mod_wsgictl reloads 1"
#define SETTLED apr_time_from_sec(2) /* what else comes with the file is there, too */
#define PAUSE 600000                 /* milliseconds */

/* Runs in the parent, about every ten seconds. */
static int look(apr_pool_t *p, server_rec *s)
{
    const wsgictl_server *conf = ap_get_module_config(s->module_config, &wsgictl_module);
    apr_int64_t *last = ap_retained_data_get(FORM);
    apr_finfo_t file;
    int i;

    if (last && wsgictl_now() - *last < PAUSE)
        return DECLINED;
    for (i = 0; i < conf->reload_on->nelts; i++) {
        const char *path = APR_ARRAY_IDX(conf->reload_on, i, const char *);

        if (apr_stat(&file, path, APR_FINFO_LINK | APR_FINFO_TYPE | APR_FINFO_MTIME, p) != APR_SUCCESS
            || file.filetype != APR_REG || apr_time_now() - file.mtime < SETTLED)
            continue;
        if (!last)
            last = ap_retained_data_create(FORM, sizeof(*last));
        *last = wsgictl_now();
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s, "wsgictl: reload, since a file waits for it: %s", path);
        kill(getpid(), AP_SIG_GRACEFUL);
        return OK;
    }
    return DECLINED;
}

void wsgictl_reload_on_register(void)
{
    ap_hook_monitor(look, NULL, NULL, APR_HOOK_MIDDLE);
}
