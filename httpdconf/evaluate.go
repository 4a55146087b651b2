package httpdconf

func (w *walker) evaluate(d *Directive) (Truth, string) { return Unknown, "" }
