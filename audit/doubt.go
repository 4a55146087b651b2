package audit

// Doubt is what may stand where an audit does not look, so that what it found is
// right: "another file grants it". It is a doubt only of a part of a
// configuration. The zero value is none.
type Doubt string

// The doubts that a finding can depend on.
const (
	OtherFileGrants   Doubt = "another file grants it"
	OtherFileDeclares Doubt = "another file declares it"
	OtherFileHas      Doubt = "another file has it"
	OtherHost         Doubt = "it is for another host"
)

// settle decides what a doubt means for a finding: its message tells of it, and
// it weighs one less, but where what is advised may stand in both files. Of a
// configuration that was read as a whole nothing is left open.
func (f *Finding) settle(isWhole bool) {
	if f.Unless == "" || isWhole {
		return
	}
	f.Message += ", unless " + string(f.Unless)
	if f.Unless != OtherFileHas {
		f.Severity = max(f.Severity-1, Info)
	}
}
