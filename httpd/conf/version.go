package conf

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// testVersion decides IfVersion as mod_version does (start_ifversion). When
// the release of httpd is not known, the condition is decided where all of
// 2.4 agrees.
func (r *reader) testVersion(section, args string) (holds expr.Truth, problem string) {
	operator, operand, ok := versionOperands(Words(args))
	if !ok {
		return expr.False, unclosed(section)
	}
	if r.options.Version != "" {
		matches, problem := r.compareVersion(operator, operand, r.options.Version)
		return expr.TruthOf(matches && problem == ""), problem
	}
	oldest, problem := r.compareVersion(operator, operand, "2.4.0")
	if problem != "" {
		return expr.False, problem
	}
	newest, _ := r.compareVersion(operator, operand, "2.4.999")
	if oldest != newest || strings.Trim(operator, "!") == "~" || strings.HasPrefix(operand, "/") {
		return expr.Unknown, ""
	}
	if exact := strings.Trim(operator, "!"); (exact == "=" || exact == "==") && strings.HasPrefix(operand, "2.4.") {
		return expr.Unknown, ""
	}
	return expr.TruthOf(oldest), ""
}

// versionOperands takes the words of <IfVersion apart: the operator, "=" where
// there is none, and the version without the ">" of the section.
func versionOperands(words []string) (operator, operand string, ok bool) {
	if len(words) == 0 {
		return "", "", false
	}
	if len(words) == 1 {
		words = []string{"=", words[0]}
	}
	if len(words) == 2 && words[1] == ">" {
		words = []string{"=", words[0], ">"}
	}
	if len(words) == 3 && words[2] == ">" {
		return words[0], words[1], words[1] != ""
	}
	operand, ok = strings.CutSuffix(words[1], ">")
	return words[0], operand, ok
}

// compareVersion tells whether version stands in the relation to operand; a
// problem is what httpd says of operands that it does not understand.
func (r *reader) compareVersion(operator, operand, version string) (matches bool, problem string) {
	relation, negated := strings.CutPrefix(operator, "!")
	if relation == "" {
		relation, negated = "!", true
	}
	switch relation {
	case "=", "==", "~":
		if pattern, ok := strings.CutPrefix(operand, "/"); ok && relation != "~" {
			if pattern, ok = strings.CutSuffix(pattern, "/"); !ok || pattern == "" {
				return false, "Missing delimiting / of regular expression."
			}
			matches, problem = r.matchVersion(pattern, version)
		} else if relation == "~" {
			matches, problem = r.matchVersion(operand, version)
		} else {
			order, bad := orderVersions(version, operand)
			matches, problem = order == 0, bad
		}
	case "<", "<=", ">", ">=":
		order, bad := orderVersions(version, operand)
		problem = bad
		matches = relation[0] == '<' && order < 0 || relation[0] == '>' && order > 0 || len(relation) == 2 && order == 0
	default:
		return false, fmt.Sprintf("unrecognized operator '%s'", operator)
	}
	return matches != negated, problem
}

func (r *reader) matchVersion(pattern, version string) (matches bool, problem string) {
	compiled, err := r.config.regexps.Compile(pattern, "")
	if err != nil {
		return false, "Unable to compile regular expression"
	}
	return compiled.Matches(version), ""
}

// orderVersions compares version with operand, number by number; what operand
// leaves out is 0.
func orderVersions(version, operand string) (order int, problem string) {
	have, _ := versionNumbers(version)
	want, ok := versionNumbers(operand)
	if !ok {
		return 0, "Version appears to be invalid. It must have the format major[.minor[.patch]] where major, minor and patch are numbers."
	}
	return slices.Compare(have[:], want[:]), ""
}

// versionNumbers reads a version as mod_version does (compare_version): a number
// that is left out, as in "2.", is 0, and a dot may stand at the end.
func versionNumbers(text string) (numbers [3]int64, ok bool) {
	if text == "" || text[0] == '.' || strings.Trim(text, "0123456789.") != "" {
		return numbers, false
	}
	parts := strings.Split(text, ".")
	if len(parts) > 4 || len(parts) == 4 && parts[3] != "" {
		return numbers, false
	}
	for i, part := range parts[:min(len(parts), 3)] {
		numbers[i] = atoi(part)
	}
	return numbers, true
}

// atoi reads digits as the C function does on 64-bit systems: a number too
// large for a long is the largest one, of which an int keeps the lower half.
func atoi(digits string) int64 {
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil && digits != "" {
		number = math.MaxInt64
	}
	return number << 32 >> 32
}
