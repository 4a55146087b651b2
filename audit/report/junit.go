package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/wsgictl/wsgictl/audit"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	Failure   *junitFailure `xml:"failure,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes a result as JUnit XML: each finding is a case that failed,
// and a result without findings is one case that passed. Relative gives the path that a
// file has in the repository.
func WriteJUnit(w io.Writer, result audit.Result, relative func(string) string) error {
	suite := junitSuite{Name: "wsgictl audit"}
	for _, f := range result.Findings {
		at := f.Pos
		at.File = relative(at.File)
		suite.Cases = append(suite.Cases, junitCase{
			Name: at.String(), ClassName: f.Rule.ID + " " + f.Rule.Name,
			Failure: &junitFailure{f.Severity.String(), f.Message, fmt.Sprintf("%s\n%s", f.Help, f.Rule.Link)},
		})
	}
	suite.Failures = len(suite.Cases)
	if len(suite.Cases) == 0 {
		suite.Cases = []junitCase{{Name: "audit", ClassName: "wsgictl"}}
	}
	suite.Tests = len(suite.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
