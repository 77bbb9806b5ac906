// Verifies a log of the C2SP tlog-tiles kind with Go's own packages: sumdb/note for the checkpoint, sumdb/tlog for the
// tree. Prints what holds, one fact a line; exits with 1 and a reason where something does not.
//
// verify FOLDER KEY [OLD-CHECKPOINT]
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func fail(format string, arguments ...any) {
	fmt.Printf("✗ "+format+"\n", arguments...)
	os.Exit(1)
}

func must[T any](value T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

// The paths of C2SP leave out the height; tlog calls entries "data".
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

type reader struct{ folder string }

func (reader) Height() int                                   { return height }
func (reader) SaveTiles([]tlog.Tile, [][]byte)               {}
func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	contents := [][]byte{}
	for _, tile := range tiles {
		content, err := os.ReadFile(filepath.Join(r.folder, pathOf(tile)))
		if err != nil {
			return nil, err
		}
		contents = append(contents, content)
	}
	return contents, nil
}

func head(path string, verifier note.Verifier) tlog.Tree {
	opened := must(note.Open(must(os.ReadFile(path)), note.VerifierList(verifier)))
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		fail("origin %q is not the name of the key", lines[0])
	}
	var root tlog.Hash
	copy(root[:], must(base64.StdEncoding.DecodeString(lines[2])))
	return tlog.Tree{N: must(strconv.ParseInt(lines[1], 10, 64)), Hash: root}
}

func main() {
	folder := os.Args[1]
	verifier := must(note.NewVerifier(os.Args[2]))
	tree := head(filepath.Join(folder, "checkpoint"), verifier)
	fmt.Println("checkpoint", tree.N)
	hashes := tlog.TileHashReader(tree, reader{folder})
	for first := int64(0); first < tree.N; first += 1 << height {
		width := min(tree.N-first, 1<<height)
		tile := tlog.Tile{H: height, L: -1, N: first >> height, W: int(width)}
		content := must(os.ReadFile(filepath.Join(folder, pathOf(tile))))
		indexes := []int64{}
		for at := range width {
			indexes = append(indexes, tlog.StoredHashIndex(0, first+at))
		}
		stored := must(hashes.ReadHashes(indexes))
		for at := range width {
			end := 2 + int(binary.BigEndian.Uint16(content))
			if tlog.RecordHash(content[2:end]) != stored[at] {
				fail("record %d is not what was signed", first+at)
			}
			content = content[end:]
		}
	}
	fmt.Println("records", tree.N)
	for index := int64(0); index < tree.N; index += 1 + tree.N/20 {
		leaf := must(hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)}))[0]
		proof := must(tlog.ProveRecord(tree.N, index, hashes))
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
			fail("inclusion of %d: %v", index, err)
		}
	}
	fmt.Println("inclusion")
	if len(os.Args) > 3 {
		old := head(os.Args[3], verifier)
		proof := must(tlog.ProveTree(tree.N, old.N, hashes))
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
			fail("consistency: %v", err)
		}
		fmt.Println("consistency", old.N)
	}
}
