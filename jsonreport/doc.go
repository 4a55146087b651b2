// Package jsonreport writes the reports that other programs read: as JSON,
// indented by two spaces, with <, > and & as they are.
//
// A report may hold one list that is too long to be built as a whole; its items
// are then written one by one, each in the form that a function gives it:
//
//	envelope := report{Version: 1, Findings: []findingJSON{}}
//	err := jsonreport.WriteList(os.Stdout, envelope, "findings", slices.Values(found), newFinding)
package jsonreport
