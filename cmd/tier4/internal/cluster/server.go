package cluster

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// mostMessage is the size of a message in bytes.
const mostMessage = 8 << 20

// ServerOptions say how a server of one's own is run.
type ServerOptions struct {
	Listen   string // address and port; port 0 for any that is free
	Dir      string // what it keeps
	Token    string // that whoever joins must know; needed off this machine
	Cert     string // files of the certificate and its key; needed off this machine
	Key      string
	Name     string   // of one of several servers
	Routes   []string // of the others: host:port
	Together string   // address and port for the others
}

// Server is a JetStream server in this process.
type Server struct{ s *server.Server }

// StartServer starts one. It takes in what its folder holds.
func StartServer(o ServerOptions) (*Server, error) {
	host, port, err := address(o.Listen)
	if err != nil {
		return nil, err
	}
	options := &server.Options{
		Host: host, Port: port, Authorization: o.Token, JetStream: true, StoreDir: o.Dir, MaxPayload: mostMessage,
		NoSigs: true, NoLog: true, SyncInterval: time.Second, ServerName: o.Name,
	}
	if port == 0 {
		options.Port = server.RANDOM_PORT
	}
	if o.Cert != "" {
		pair, err := tls.LoadX509KeyPair(o.Cert, o.Key)
		if err != nil {
			return nil, fmt.Errorf("the certificate cannot be used: %w", err)
		}
		options.TLS, options.TLSConfig = true, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	if o.Together != "" {
		if options.Cluster.Host, options.Cluster.Port, err = address(o.Together); err != nil {
			return nil, err
		}
		options.Cluster.Name = "tier4"
		for _, route := range o.Routes {
			options.Routes = append(options.Routes, &url.URL{Scheme: "nats-route", Host: route})
		}
	}
	s, err := server.NewServer(options)
	if err != nil {
		return nil, err
	}
	go s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		s.Shutdown()
		return nil, errors.New("the server did not start: is another one at the same address, or on the same folder?")
	}
	return &Server{s}, nil
}

// URL is where it can be joined.
func (s *Server) URL() string { return s.s.ClientURL() }

// Stop stops it, once what it keeps is on the disk.
func (s *Server) Stop() {
	s.s.Shutdown()
	s.s.WaitForShutdown()
}

// Local says whether an address is of this machine alone.
func Local(listen string) bool {
	host, _, err := address(listen)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

func address(listen string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(listen)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("%q is no address; write HOST:PORT, such as 127.0.0.1:4222", listen)
	}
	return host, port, nil
}
