package httpdconf

func (w *walker) htaccess(folder string) {}
