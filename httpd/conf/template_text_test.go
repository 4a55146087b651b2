package conf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTemplatesAreRendered decides the conditions of templates in each way; blanks
// and empty lines are left out of what is compared.
func TestTemplatesAreRendered(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		source string
		want   []string
	}{
		"no condition": {"{# a\nb #}A {{ x }}\n{% set y = 1 %}B\n", []string{"A{{x}}|B"}},
		"both branches, the same condition twice": {
			"{% if x %}A{% else %}B{% endif %}\n{%- if not x -%}C{%+ endif %}\n", []string{"A", "B|C"},
		},
		"one after another": {
			"{% if a %}A{% elif b %}B{% elif c %}C{% else %}D{% endif %}", []string{"A", "D", "B", "C"},
		},
		"comparisons exclude each other": {
			"{% if os == 'debian' %}A{% endif %}\n{% if os == \"redhat\" %}B{% endif %}\n{% if os != 'debian' %}C{% endif %}",
			[]string{"A", "C", "B|C"},
		},
		"and, or, parentheses": {
			"{% if (a or b) and not c %}A{% endif %}{% if a or c and ('x or y' == d) %}B{% endif %}", []string{"B", "", "AB"},
		},
		"a loop once, and in it": {"{% for s in sites if s.on %}A{% if s.tls %}B{% endif %}{% endfor %}", []string{"AB", "A"}},
		"a macro in a line":      {"{% macro m(x) %}A{% endmacro %}\nB {{ m(1) }}", []string{"B{{m(1)}}"}},
		"ERB": {
			"<%- if @a -%>\nA\n<% elsif @b then %>\nB\n<%- end -%>\n<% @c.each do |d| %>\nC <%= d -%>\n<% end %>\n<% unless @a %>D<% end %><%# no %>",
			[]string{"A|C<%=d-%>", "C<%=d-%>|D", "B|C<%=d-%>|D"},
		},
		"case": {"<% case @m when 'a', 'b' %>A<% when 'c' %>C<% else %>D<% end %>", []string{"A", "D", "C"}},
		"EPP":  {"<%- | String $a,\n Boolean $b | -%>\n<% if $b { -%>\nB\n<% } else { -%>\nC\n<% } -%>\n<% $x.each |$y| { %>Y<% } %>", []string{"B|Y", "C|Y"}},
		"EPP, a case": {
			"<% case $m { 'a': { -%>A<% } 'b', 'c': { -%>B<% } default: { %>D<% } } -%>E",
			[]string{"AE", "DE", "BE"},
		},
		"EPP, a case over several marks": {
			"<% case $m { -%>\n<% 'a': { -%>A<% if $x { %>X<% }} -%>\n<% 'b': { %>B<% } } %>E",
			[]string{"AX|E", "E", "BE", "A|E"},
		},
		"opposites": {
			"{% if a is defined %}A{% endif %}{% if a is not defined %}B{% endif %}\n{% if b in c %}C{% endif %}{% if b not in c %}D{% endif %}",
			[]string{"A|C", "B|D", "B|C", "A|D"},
		},
		"opposite numbers": {
			"{% if a >= 2.4 %}A{% endif %}{% if a<2.4 %}B{% endif %}\n{% if b is version('2.4', '>=') %}C{% endif %}{% if b is version('2.4', 'lt') %}D{% endif %}",
			[]string{"A|C", "B|D", "B|C", "A|D"},
		},
		"what is not defined is false": {
			"{% if a %}A{% endif %}{% if a is undefined %}B{% endif %}{% if a == false %}C{% endif %}{% if none == a|default(false) %}D{% endif %}",
			[]string{"A", "BCD", "CD"},
		},
		"opposites of Ruby and Puppet": {
			"<% if @a.nil? %>A<% end %><% if @a %>B<% end %><% if $b =~ String { %>C<% } %><% if $b !~ String { %>D<% } %><% if $b == undef { %>E<% } %>",
			[]string{"BC", "ADE", "AC", "C", "BD", "AD", "BCE"},
		},
		"Go's functions": {
			`{{ if eq .a "x" "y" }}A{{ end }}{{ if ne .a "x" }}B{{ end }}{{ if and .b (or .c (not .d)) }}C{{ end }}{{ if lt .e 5 }}D{{ end }}{{ if ge .e 5 }}E{{ end }}`,
			[]string{"ACE", "BD", "BCE", "ABCE", "AE", "BE", "ACD"},
		},
		"Handlebars": {"{{#if a}}A{{else}}B{{/if}}{{#unless a}}C{{/unless}}", []string{"A", "BC"}},
		"Go and Mustache": {
			"{{- if .TLS }}A{{ else if .B }}B{{ else }}C{{ end }}{{ range .X }}D{{ end }}{{#e}}E{{/e}}{{^e}}F{{/e}}{{ iffy }}",
			[]string{"ADE{{iffy}}", "CDF{{iffy}}", "BDE{{iffy}}", "CDE{{iffy}}", "ADF{{iffy}}"},
		},
		"what stands in a continued line": {"A \\\n{% if x %}\n  B \\\n{% endif %}\n  C\n", []string{"A\\|\\|B\\|\\|C", "A\\|\\|\\|\\|C"}},
		"ends without beginnings":         {"{% endif %}A<% end %>{% else %}B{{ end }}{% if x %}C", []string{"ABC", "AB"}},
		"marks over several lines":        {"A {{ x\n | y }}B{# \n #}C {% if a\n and b %}D{% endif %}\nE", []string{"A{{x|y}}BCD|E", "A{{x|y}}BC|E"}},
		"text between two values":         {"A {{ x\nB {{ y }}\nC %>\n", []string{"A{{x|B{{y}}|C%>"}},
		"folds of an editor":              {"# {{{ a\nB {{ x }}\n# }}}\n", []string{"#{{{a|B{{x}}|#}}}"}},
		"a fold alone":                    {"# {{{ a\nB\n# }}}\n", []string{"#{{{a|B|#}}}"}},
		"no tags":                         {"LogFormat \"{%h} {%t %}\"\n", []string{"LogFormat\"{%h}{%t%}\""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, text := range readTemplate(test.source).renderings() {
				if len(text) != len(test.source) {
					t.Errorf("%d bytes became %d", len(test.source), len(text))
				}
				var lines []string
				for line := range strings.Lines(text) {
					if line = strings.Join(strings.Fields(line), ""); line != "" {
						lines = append(lines, line)
					}
				}
				got = append(got, strings.Join(lines, "|"))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTemplatesMayBeWrittenToBeSlow reads templates that would take hours, or all
// memory, if each mark were held against all others.
func TestTemplatesMayBeWrittenToBeSlow(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"conditions in each other": strings.Repeat("{% if a %}\n", 300_000),
		"macros":                   strings.Repeat("{% macro a() %}\n", 300_000),
		"a case with long values":  "<% case " + strings.Repeat("x", 1<<20) + " %><% when " + strings.Repeat("a,", 1<<20) + "b %>A<% end %>",
		"values without an end":    strings.Repeat("A {{ x\n", 300_000),
		"values with a far end":    strings.Repeat("A {{ x <%= y\n", 300_000) + "}} %>",
		"loops":                    strings.Repeat("{% for i in a %}{% endfor %}\n", 200_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := ReadSource("/etc/apache2/x.conf", source, Options{}).Files[0]
			if n := len(file.renderings()); n < 1 || n > 2 {
				t.Errorf("%d renderings", n)
			}
			for _, mark := range file.Marks() {
				file.loopAt(mark.Start)
			}
		})
	}
}

// TestManyConditionsAreDecidedTogether has more conditions than there are renderings:
// each two of them are decided in all ways, and each branch comes.
func TestManyConditionsAreDecidedTogether(t *testing.T) {
	t.Parallel()
	const n = 3000
	var source strings.Builder
	for i := range n {
		fmt.Fprintf(&source, "{%% if c%d %%}%c{%% endif %%}\n", i, 'a'+i%26)
	}
	source.WriteString("{% if x %}A{% elif y %}B{% elif z %}C{% else %}D{% endif %}{% if v == 'a' %}E{% elif v == 'b' %}F{% elif v == 'c' %}G{% endif %}\n")
	texts := readTemplate(source.String()).renderings()
	if len(texts) > maxRenderings {
		t.Errorf("%d renderings", len(texts))
	}
	var ways [n]string // what each rendering makes of a condition
	all := ""
	for _, text := range texts {
		lines := strings.Split(text, "\n")
		for i := range ways {
			ways[i] += fmt.Sprint(len(strings.TrimSpace(lines[i])))
		}
		all += lines[n]
	}
	for _, letter := range "ABCDEFG" {
		if !strings.ContainsRune(all, letter) {
			t.Errorf("%c comes in no rendering", letter)
		}
	}
	for i := 1; i < n; i++ {
		for _, j := range []int{0, i / 2, i - 1} {
			seen := map[string]bool{}
			for k := range texts {
				seen[ways[i][k:k+1]+ways[j][k:k+1]] = true
			}
			if len(seen) != 4 {
				t.Fatalf("conditions %d and %d are decided in %d ways", i, j, len(seen))
			}
		}
	}
}

func TestLoopsAreToldApart(t *testing.T) {
	t.Parallel()
	source := "A{% for x in y %}B{% if z %}C{% for u in v %}D{% endfor %}E{% else %}F{% endif %}G{% endfor %}H{% for w in y %}I"
	file := ReadSource("/etc/apache2/x.conf", source, Options{}).Files[0]
	got := ""
	for _, letter := range "ABCDEFGHI" {
		got += fmt.Sprint(file.loopAt(strings.IndexRune(source, letter)))
	}
	if got != "011211103" {
		t.Error(got)
	}
}

// TestMarksAreHidden holds marks against the words that they become a part of.
func TestMarksAreHidden(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		`WSGIScriptAlias / {{ root + "/x y" }}/app.wsgi`:       {"WSGIScriptAlias", "/", `{{ root + "/x y" }}/app.wsgi`},
		`WSGIScriptAlias / {{root}} <%= @a -%>`:                {"WSGIScriptAlias", "/", "{{ root }}", "<%= @a - %>"},
		"ServerName {{ a\n  | b('c  d') }}x {{a |b('c  d')}}x": {"ServerName", "{{ a | b('c  d') }}x", "{{ a |b('c  d') }}x"},
		`ServerName @HOST@ %(name)s`:                           {"ServerName", "@HOST@", "%(name)s"},
		`LogFormat "%{Referer}i @x@ {{"`:                       {"LogFormat", "%{Referer}i @x@ {{"},
		`WSGIDaemonProcess "%{GROUP} {{ x }}"`:                 {"WSGIDaemonProcess", "%{GROUP} {{ x }}"},
	} {
		var got []string
		for _, word := range Words(hideMarks(line)) {
			got = append(got, Written(word))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
	if a, b := hideMarks("{{ x }}"), hideMarks("{{x}}"); a != b || !IsMark(a) || IsMark(a+"/") || !IsAbs(a+"/") || !HasMark("/"+a) {
		t.Errorf("%q %q", a, b)
	}
}

// TestTextIsNoMark has characters in a file that marks are hidden as: what
// stands beside them is known all the same.
func TestTextIsNoMark(t *testing.T) {
	t.Parallel()
	config := ReadSource("t.conf", "Define V \"\U000F0041\"\n<Macro M $x>\nSetEnv A $x\U000F0042\n</Macro>\nUse M \U000F0043\nSetEnv B ${V}\xf3\xb0\n", Options{})
	n := 0
	for d := range config.All() {
		n++
		if HasMark(d.Args) || len(d.Word(1)) < 6 {
			t.Errorf("%s %q", d.Name, d.Args)
		}
	}
	if n != 2 {
		t.Errorf("%d directives", n)
	}
}

// FuzzTemplate reads anything as a template: no byte moves, and marks are
// written as they were, but for blanks at their ends.
func FuzzTemplate(f *testing.F) {
	f.Add("{% if a and (b or c) == 'd' %}A {{ x }}{% elif %}<%= y %><% end %>{# \n #}")
	f.Add("A {{ x\r\n | y('a  b\n') }} <%= z\n %> {{{\n }}} {{ {{ \n }}")
	f.Add("<% case a when b, c { %>{{#if}}{{/}}{{^}}{{!}}%%A%%@BB@$(x)%s%(a)s\\\n{% endmacro %}")
	f.Fuzz(func(t *testing.T, source string) {
		for _, text := range readTemplate(source).renderings() {
			if len(text) != len(source) || strings.Count(text, "\n") != strings.Count(marksOnOneLine(source), "\n") {
				t.Errorf("%q became %q", source, text)
			}
		}
		squeeze := strings.NewReplacer(" ", "", "\t", "", "\n", "", "\v", "", "\f", "", "\r", "")
		if got := Written(hideMarks(source)); !HasMark(source) && squeeze.Replace(got) != squeeze.Replace(source) {
			t.Errorf("%q became %q", source, got)
		}
		ReadSource("/etc/apache2/x.conf", source, Options{}).Renderings()
	})
}
