package conf

// place is where a line stands.
type place struct {
	source *Source
	numbers
	extent // of source.File
}

// place finds l, which was read last, in its file: for a line of a macro, in
// the macro's definition.
func (r *reader) place(l line) place {
	s := r.stream
	if s.body == nil {
		return place{s.source, l.numbers, l.extent}
	}
	body := s.body[l.first-1]
	return place{s.source, numbers{body.first, l.last}, body.extent}
}

func placeOf(d *Directive) place {
	return place{d.Source, d.numbers, d.extent}
}

// asDirective is a directive at this place, for what only needs its place.
func (p place) asDirective() *Directive {
	return &Directive{Source: p.source, numbers: p.numbers, extent: p.extent}
}

func (p place) pos() Pos { return p.asDirective().Pos() }

// report adds a diagnostic about the line at p.
func (r *reader) report(severity Severity, p place, message string) {
	if r.grow(p, diagnosticCost+len(message), "what is wrong with", p.source.File.Name) {
		r.diagnose(severity, p, message)
	}
}

// reportFault reports what is wrong with the line at p, and what to do.
func (r *reader) reportFault(p place, f fault) {
	before := len(r.config.Diagnostics)
	r.report(Error, p, f.message)
	if after := len(r.config.Diagnostics); after > before {
		r.config.Diagnostics[after-1].Advice = f.advice
	}
}

func (r *reader) diagnose(severity Severity, p place, message string) {
	r.config.Diagnostics = append(r.config.Diagnostics, newDiagnostic(severity, p, message))
}

func newDiagnostic(severity Severity, p place, message string) Diagnostic {
	at := p.asDirective()
	pos := at.Pos()
	return Diagnostic{
		Severity: severity, Pos: pos, End: at.End(), Message: Written(message), Source: p.source,
		Excerpt: excerpt(p.source.File.Source, pos.Offset), HTTPDLine: int(p.last),
	}
}
