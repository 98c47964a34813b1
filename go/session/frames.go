// Package session lets a runner drive the two programs: frames on the standard streams to listeners and
// calls, and what these give back to frames. proto/session.proto is the manual.
package session

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/proto"

	"tofusoup.dev/stock/go/sessionpb"
)

const (
	maxFrameBytes = 16 << 20
	headBytes     = 4 // the length, big-endian
)

// A FrameError reports that standard input is not a stream of frames, or that standard output cannot be
// one. It ends the session.
type FrameError struct {
	Reason string
}

func (e *FrameError) Error() string { return e.Reason }

// frameReader reads commands. It is for one goroutine.
type frameReader struct {
	input *bufio.Reader
	body  []byte // reused: Unmarshal copies what it keeps
}

func newFrameReader(input io.Reader) *frameReader {
	return &frameReader{input: bufio.NewReaderSize(input, 64<<10)}
}

// read returns the next command, io.EOF at the end of the input, or a FrameError.
func (r *frameReader) read() (*sessionpb.Command, error) {
	var head [headBytes]byte
	if _, err := io.ReadFull(r.input, head[:]); err != nil {
		return nil, inputError(err)
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > maxFrameBytes {
		return nil, &FrameError{fmt.Sprintf("a frame of %d bytes; at most %d", size, maxFrameBytes)}
	}
	if cap(r.body) < int(size) {
		r.body = make([]byte, size)
	}
	r.body = r.body[:size]
	if _, err := io.ReadFull(r.input, r.body); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, inputError(err)
	}
	command := &sessionpb.Command{}
	if err := proto.Unmarshal(r.body, command); err != nil {
		return nil, &FrameError{"a frame does not decode as a Command"}
	}
	return command, nil
}

func inputError(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &FrameError{"standard input ends within a frame"}
	default:
		return fmt.Errorf("reading a frame: %w", err)
	}
}

// appendFrame appends a frame. It fails with a FrameError where the event is too large for one.
func appendFrame(buffer []byte, event *sessionpb.Event) ([]byte, error) {
	start := len(buffer)
	buffer = append(buffer, make([]byte, headBytes)...)
	buffer, err := proto.MarshalOptions{}.MarshalAppend(buffer, event)
	if err != nil {
		return buffer[:start], fmt.Errorf("writing a frame: %w", err)
	}
	size := len(buffer) - start - headBytes
	if size > maxFrameBytes {
		return buffer[:start], &FrameError{fmt.Sprintf("an event of %d bytes; a frame has at most %d", size, maxFrameBytes)}
	}
	binary.BigEndian.PutUint32(buffer[start:], uint32(size))
	return buffer, nil
}
