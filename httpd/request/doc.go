// Package request tells what httpd does with one request: which directives
// apply to it, which URL and file it ends at, and which handler gets it, or
// which status httpd answers with itself.
//
// A request is followed through the hooks of httpd in their order
// (ap_process_request_internal, ap_invoke_handler), phase by phase. Each phase
// takes a value and gives a new one, so that nothing found for one URL outlives
// it. Where something is not known, both branches are followed ([Server.Follow]).
//
// What httpd tells of a request on the way, such as REQUEST_URI, is in one table
// (facts), which expressions and mod_rewrite both ask.
//
// A file holds one module of httpd and has its name. A module that is not of
// httpd itself takes part by two functions ([Module]).
package request
