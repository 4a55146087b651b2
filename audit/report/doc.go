// Package report writes what an audit found for programs and for the
// documentation: as JSON, SARIF, workflow commands of GitHub, JUnit and pages.
package report
