package detect

import "github.com/wsgictl/wsgictl/hostfiles"

// A tree is the files that are looked at, and what detection makes of them.
type tree struct{ hostfiles.Root }

// treeAt is the tree below a folder that stands for "/"; "" is this machine.
func treeAt(root string) tree { return tree{hostfiles.Root(root)} }
