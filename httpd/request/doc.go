// Package request tells what httpd does with one request: which directives
// apply to it, which URI and file it ends at, and which handler gets it, or
// which status httpd answers with itself.
//
// A request is followed through the hooks of httpd in their order
// (ap_process_request_internal, ap_invoke_handler), phase by phase. Each phase
// takes a value and gives a new one, so that nothing found for one URI outlives
// it. Where something is not known, both branches are followed ([Server.Follow]):
// a [Doubt] is about an [Unknown], or about what the text leaves open
// ([conf.Undecided]). What httpd answers itself is an [Ending].
//
// A URL is what a client sends, or what a directive leads to: escaped, with a query,
// and maybe a host. Its path, decoded and without dots, is the URI, which httpd has
// in r->uri and by which it finds aliases, rules and sections. A URL-path is what an
// alias takes, as its directive has it. So a URI has no query, and a URL is followed
// only after it became one ([Client], [conf.Request]).
//
// What httpd tells of a request on the way, such as REQUEST_URI, is in one table
// (facts), which expressions and mod_rewrite both ask.
//
// A file holds one module of httpd and has its name. A module that is not of
// httpd itself takes part by two functions ([Module]).
package request
