package conf

import (
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// indexOptions are the words of IndexOptions that switch something, and indexSizes
// those that stand alone or have a value, with the least number that it is.
var (
	indexOptions = []string{
		"AddAltClass", "FancyIndexing", "FoldersFirst", "HTMLTable", "IconsAreLinks", "IgnoreCase", "IgnoreClient", "ScanHTMLTitles",
		"ShowForbidden", "SuppressColumnSorting", "SuppressDescription", "SuppressHTMLPreamble", "SuppressIcon", "SuppressLastModified",
		"SuppressRules", "SuppressSize", "TrackModified", "VersionSort", "XHTML",
	}
	indexSizes = []struct {
		name  string
		least int64 // 0 for icons, which have a size of their own
	}{{"IconHeight", 0}, {"IconWidth", 0}, {"NameWidth", 5}, {"DescriptionWidth", 12}}
)

// checkIndexOptions is add_opts of mod_autoindex.
func checkIndexOptions(_ *reader, d *Directive) string {
	none := false
	for _, word := range d.Words() {
		bare := strings.TrimPrefix(strings.TrimPrefix(word, "+"), "-")
		sign := word[:len(word)-len(bare)]
		switch {
		case len(sign) > 1:
			return "Invalid directory indexing option"
		case strings.EqualFold(bare, "None"):
			if none = true; sign != "" {
				return "Cannot combine '+' or '-' with 'None' keyword"
			}
		case containsFold(indexOptions, bare):
			if none && sign == "" {
				return "Cannot combine other IndexOptions keywords with 'None'"
			}
		default:
			if message := checkIndexSize(bare, sign); message != "" {
				return message
			}
		}
	}
	return ""
}

func checkIndexSize(word, sign string) string {
	name, value, hasValue := strings.Cut(word, "=")
	if hasValue && containsFold([]string{"Type", "Charset"}, name) || strings.EqualFold(word, "UseOldDateFormat") {
		return ""
	}
	for _, size := range indexSizes {
		if !strings.EqualFold(name, size.name) {
			continue
		}
		number := expr.LeadingNumber(value)
		switch {
		case hasValue && sign == "-":
			return "Cannot combine '-' with " + size.name + "=n"
		case !hasValue && sign != "-" && size.least > 0:
			return size.name + " with no value may only appear as '-" + size.name + "'"
		case !strings.HasPrefix(value, "*") && number != 0 && number < size.least:
			return size.name + " value must be greater than " + strconv.FormatInt(size.least, 10)
		}
		return ""
	}
	return "Invalid directory indexing option"
}
