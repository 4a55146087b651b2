package request

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// checkAccess is the end of a request of somebody who is not let in, by method, address,
// name or at all; nil where he is (the hooks access_checker to auth_checker).
//
// Access is not checked again after an internal redirect to what has the same
// settings: an ErrorDocument of 401 beside the file is sent to who may not read the
// file, by whatever handler it has (ap_process_request_internal). Where something follows
// the file, or there is none, httpd does not remember that they are the same
// (ap_directory_walk).
func (r located) checkAccess() (located, *death) {
	if r.checked != nil && r.kind != missing && r.info == "" && r.Settings.areThoseOf(r.checked) {
		r.hasUser = r.hadUser
		return r, nil
	}
	methods := r.refusedMethod()
	compat := r.compat()
	denied := r.deniedByCompat(compat)
	switch {
	case isSatisfiedByAny(compat):
		if methods == nil && denied == nil {
			return r, nil
		}
	case methods != nil:
		return r, r.refuse(Ending{Kind: MethodRefused, By: methods})
	case denied != nil:
		return r, r.refuse(Ending{Kind: AccessDenied, By: denied})
	}
	return r.authorize()
}

// authorize is what the Requires make of the request (authorize_user_core): one that
// is let in only with a name has to tell it.
func (r located) authorize() (located, *death) {
	authType := r.setting("AuthType")
	isTyped := authType != nil && !strings.EqualFold(authType.Word(0), "None")
	required, by := r.required()
	switch {
	case by == nil && isTyped:
		return r, r.refuse(Ending{Kind: NoRequire})
	case by == nil, required == granted:
		return r, nil
	case required != grantedToUsers:
		return r, r.refuse(Ending{Kind: AccessDenied, By: by})
	case !isTyped:
		return r, r.refuse(Ending{Kind: NoAuthType})
	case isPassword(authType) && r.setting("AuthName") == nil:
		return r, r.refuse(Ending{Kind: NoAuthName})
	}
	return r.askForUser(authType)
}

// askForUser is the end of the request of a client that does not tell its user. From
// here on the request of another one has a user, whose name is not known.
func (r located) askForUser(authType *conf.Directive) (located, *death) {
	r.branch.asksForUser = true
	switch {
	case !r.client.Anonymous:
		r.hasUser = true
		return r, nil
	case isPassword(authType):
		return r, r.refuse(Ending{Kind: NoUser})
	}
	return r, r.refuse(Ending{Kind: OtherAuthType, Subject: authType.Word(0)})
}

// isPassword tells the types of httpd itself that ask by 401.
func isPassword(authType *conf.Directive) bool {
	return strings.EqualFold(authType.Word(0), "Basic") || strings.EqualFold(authType.Word(0), "Digest")
}
