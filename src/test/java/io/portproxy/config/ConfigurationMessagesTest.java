package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tests the messages for a wrong configuration. Most tests run the check alone; the others need a whole start. The host
 * {@code no..host} is not a valid name, so no test asks a name service for it.
 */
class ConfigurationMessagesTest {
    private static final String QUIET = "--logging.level.root=off";
    private static final String BOTH = "--spring.profiles.active=server,client";
    private static final String RIGHT = """
            portproxy:
              workers: 1
              server:
                bind: 127.0.0.1:0
                proxy:
                  - remote-name: one
                    port-list:
                      - type: http
                        bind: 127.0.0.1:0
                        remote: 17211
                      - bind: 127.0.0.1:0
                        remote: 17210
              client:
                name: one
                server: 127.0.0.1:1
            """;

    @TempDir
    private Path folder;

    /** Each line adds one property to a port of a type. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            udp | idle-timeout: 1ms | portproxy.server.proxy[0].port-list[0].idle-timeout: 1ms | is out of range | write 100ms to 24h
            udp | max-sessions: 0 | portproxy.server.proxy[0].port-list[0].max-sessions: 0 | is out of range | write 1 to 65536
            udp | max-sessions-per-user: 65537 | portproxy.server.proxy[0].port-list[0].max-sessions-per-user: 65537 | is out of range | write 1 to 65536
            udp | reply-limit: 0 | portproxy.server.proxy[0].port-list[0].reply-limit: 0 | is out of range | write 1 to 1000
            udp | host-header: rewrite | portproxy.server.proxy[0].port-list[0].host-header: rewrite | no effect on type udp | type: http
            udp | proxy-protocol: v1 | portproxy.server.proxy[0].port-list[0].proxy-protocol: v1 | is for connections alone | write v2
            udp | quota: {per: day} | portproxy.server.proxy[0].port-list[0].quota.bytes | is missing | such as 100GB
            udp | quota: {bytes: 1B} | portproxy.server.proxy[0].port-list[0].quota.bytes: 1B | is out of range | write 1KB to
            udp | quota: {bytes: many} | portproxy.server.proxy[0].port-list[0].quota.bytes: many | is not a size | 64KB
            udp | quota: {bytes: 1GB, per: week} | portproxy.server.proxy[0].port-list[0].quota.per: week | is not one of the values that exist: hour, day, month | write hour or day or month
            http | idle-timeout: 5s | portproxy.server.proxy[0].port-list[0].idle-timeout: 5s | has no effect on type http | remove it, or set type to udp
            udp | remote: unix:/run/app.sock | portproxy.server.proxy[0].port-list[0].remote: unix:/run/app.sock | takes no datagrams of UDP | type: tcp
            tcp | remote: unix:app.sock | portproxy.server.proxy[0].port-list[0].remote: unix:app.sock | a path that is not absolute | such as unix:/run/app.sock
            tcp | remote: 5000-5004 | portproxy.server.proxy[0].port-list[0].remote: 5000-5004 | has 5 ports, and 1 leads there | write one port, or as many in bind
            tcp | remote: db:5004-5000 | portproxy.server.proxy[0].port-list[0].remote: db:5004-5000 | ends before it begins | 1 to 65535
            tcp | bind: 127.0.0.1:30000-30004 | portproxy.server.proxy[0].port-list[0].remote: 17211 | has 1 port, and 5 lead there | as many ports as in bind, such as 17211-17215
            tcp | bind: 127.0.0.1:30004-30000 | portproxy.server.proxy[0].port-list[0].bind: 127.0.0.1:30004-30000 | ends before it begins | such as 5000-5010
            tcp | bind: 0-10 | portproxy.server.proxy[0].port-list[0].bind: 0-10 | begins at port 0 | such as 5000-5010
            tcp | bind: 127.0.0.1:65530-65540 | portproxy.server.proxy[0].port-list[0].bind: 127.0.0.1:65530-65540 | out of range | 1 to 65535
            udp | bind: 127.0.0.1:30000-31000 | portproxy.server.proxy[0].port-list[0].bind: 127.0.0.1:30000-31000 | has 1001 ports, more than portproxy.server.max-range (1000) | several entries
            http | bind: 127.0.0.1:30000-30004 | portproxy.server.proxy[0].port-list[0].bind: 127.0.0.1:30000-30004 | which type http cannot have | type: tcp
            tcp | bind: unix:app.sock | portproxy.server.proxy[0].port-list[0].bind: unix:app.sock | a path that is not absolute | such as unix:/run/portproxy/app.sock
            tcp | 'bind: "unix:/run/app.sock|432"' | 'portproxy.server.proxy[0].port-list[0].bind: unix:/run/app.sock|432' | a mode that is not a zero and three octal digits | 'app.sock|0600'
            udp | bind: unix:/run/app.sock | portproxy.server.proxy[0].port-list[0].bind: unix:/run/app.sock | no datagrams of UDP | type: tcp
            http | remote: unix:/run/../app.sock | portproxy.server.proxy[0].port-list[0].remote: unix:/run/../app.sock | has . or .. in its path | such as unix:/run/app.sock
            """)
    void namesWhatDoesNotFitTheType(String type, String line, String property, String reason, String fix) {
        String without = line.startsWith("remote:")
                ? RIGHT.replaceFirst("remote: 17211", "name: web")
                : line.startsWith("bind:") ? RIGHT.replaceFirst("( {12})bind: 127.0.0.1:0\n", "$1name: web\n") : RIGHT;
        FailureAnalysis report = Checked.failure(
                folder, without.replace("type: http", "type: " + type + "\n            " + line), QUIET, BOTH);

        assertThat(report.getDescription()).contains(property + "\n", reason);
        assertThat(report.getAction()).contains(fix);
    }

    /** Each wrong line replaces a right one, or is added below it if that is a key that ends in a colon. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            workers: 1 | workers: 0 | portproxy.workers: 0 | is out of range | write 1 to 256
            workers: 1 | workers: 257 | portproxy.workers: 257 | is out of range | write 1 to 256
            workers: 1 | workers: many | portproxy.workers: many | is not a whole number | write a whole number
            workers: 1 | wrokers: 1 | portproxy.wrokers: 1 | there is no such property | did you mean portproxy.workers?
            workers: 1 | bind: 6688 | portproxy.bind: 6688 | there is no such property | did you mean portproxy.server.bind?
            workers: 1 | zzz: 1 | portproxy.zzz | there is no such property | the keys here are acme, admin, buffer-memory, client, data, demo, legacy-config, log-queue, native-cipher, reload-interval, server, shutdown-grace, store, trial, usage, webhooks, workers
            workers: 1 | shutdown-grace: -1s | portproxy.shutdown-grace: -1s | is out of range | write 0s to 24h
            workers: 1 | shutdown-grace: 10x | portproxy.shutdown-grace: 10x | is not a duration | 500ms, 10s or 2m
            workers: 1 | shutdown-grace: 1.5s | portproxy.shutdown-grace: 1.5s | is not a duration | bare number of seconds
            workers: 1 | buffer-memory: 1KB | portproxy.buffer-memory: 1KB | is out of range | write 1MB to 1TB
            workers: 1 | buffer-memory: 1TB | portproxy.buffer-memory: 1TB | is more than the JVM may take outside its heap | -XX:MaxDirectMemorySize
            workers: 1 | buffer-memory: some | portproxy.buffer-memory: some | is not a size | 64KB
            workers: 1 | native-cipher: maybe | portproxy.native-cipher: maybe | is not true or false | write true or false
            bind: 127.0.0.1:0 | bind: 127.0.0.1:65536 | portproxy.server.bind: 127.0.0.1:65536 | out of range | 1 to 65535
            bind: 127.0.0.1:0 | bind: ::1:9015 | portproxy.server.bind: ::1:9015 | no brackets | [::1]:9015
            bind: 127.0.0.1:0 | bind: no..host:9015 | portproxy.server.bind: no..host:9015 | cannot be resolved: no..host | an address of this machine
            server: | server: {idle-timeout: 5s} | portproxy.server.idle-timeout: 5s | not longer than portproxy.server.heartbeat-interval (5s) | more than 5s
            server: | server: {idle-timeout: 1ms} | portproxy.server.idle-timeout: 1ms | out of range | write 100ms to 24h
            server: | server: {idle_timeout: 25h} | portproxy.server.idle-timeout: 25h | out of range | write 100ms to 24h
            server: | server: {heartbeat-interval: 40} | portproxy.server.idle-timeout: 30s | not longer than portproxy.server.heartbeat-interval (40s) | more than 40s
            server: | server: {greeting-timeout: 0} | portproxy.server.greeting-timeout: 0 | out of range | write 100ms to 24h
            server: | server: {stall-timeout: 0} | portproxy.server.stall-timeout: 0 | out of range | write 100ms to 24h
            server: | server: {linger-timeout: 0} | portproxy.server.linger-timeout: 0 | out of range | write 100ms to 24h
            server: | server: {max-greetings: 0} | portproxy.server.max-greetings: 0 | out of range | write 1 to 65536
            server: | server: {max-remotes: 0} | portproxy.server.max-remotes: 0 | out of range | write 1 to 1000000
            server: | server: {max-ports: 1000001} | portproxy.server.max-ports: 1000001 | out of range | write 1 to 1000000
            server: | server: {max-held: 0} | portproxy.server.max-held: 0 | out of range | write 1 to 1000000
            server: | server: {max-users: 0} | portproxy.server.max-users: 0 | out of range | write 1 to 1000000
            server: | server: {limits: {connections: 0}} | portproxy.server.limits.connections: 0 | out of range | write 1 to 1000000, or remove it
            server: | server: {limits: {opens-per-second-per-user: 1000001}} | portproxy.server.limits.opens-per-second-per-user: 1000001 | out of range | write 1 to 1000000
            server: | server: {limits: {bandwidth: {in: 100B}}} | portproxy.server.limits.bandwidth.in: 100B | out of range | write 1KB to 1TB, which are bytes a second
            server: | server: {limits: {bandwidth-per-connection: {out: 2TB}}} | portproxy.server.limits.bandwidth-per-connection.out: 2TB | out of range | write 1KB to 1TB
            server: | server: {limits: {idle-timeout: 1ms}} | portproxy.server.limits.idle-timeout: 1ms | out of range | write 100ms to 720h
            server: | server: {limits: {max-duration: 721h}} | portproxy.server.limits.max-duration: 721h | out of range | write 100ms to 720h
            server: | server: {hold-while-away: 6m} | portproxy.server.hold-while-away: 6m | out of range | write 100ms to 300s
            server: | server: {max-range: 0} | portproxy.server.max-range: 0 | out of range | write 1 to 10000
            server: | server: {max-ports: 1} | portproxy.server.max-ports: 1 | is less than the 2 ports and hosts in portproxy.server.proxy | write 2 or more, or remove some of them
            server: | server: {max-streams: -1} | portproxy.server.max-streams: -1 | out of range | write 1 to 1000000
            server: | server: {max-streams: 99999999999} | portproxy.server.max-streams: 99999999999 | too large | whole number
            server: | server: {stream-buffer: 4095} | portproxy.server.stream-buffer: 4095 | out of range | write 4KB to 1GB
            server: | server: {stream-buffer: 1m} | portproxy.server.stream-buffer: 1m | is not a size | 64KB
            server: | server: {tunnel-buffer: 512KB} | portproxy.server.tunnel-buffer: 512KB | is less than portproxy.server.stream-buffer (1MB) | write 1MB or more
            server: | server: {classic: never} | portproxy.server.classic: never | is not one of the values that exist: allow, deny | write allow or deny
            server: | server: {on_duplicate: both} | portproxy.server.on-duplicate: both | is not one of the values that exist: replace, refuse, balance | write replace or refuse or balance
            server: | server: {initial-window: 4095} | portproxy.server.initial-window: 4095 | out of range | write 4KB to 1GB
            server: | server: {max-window: 2GB} | portproxy.server.max-window: 2GB | out of range | write 4KB to 1GB
            server: | server: {max-window: 128KB} | portproxy.server.max-window: 128KB | is less than portproxy.server.initial-window (256KB) | write 256KB or more
            server: | server: {initial-window: 128MB, max-window: 1GB, tunnel-buffer: 64MB} | portproxy.server.tunnel-buffer: 64MB | is less than portproxy.server.initial-window (128MB) | write 128MB or more
            server: | server: {ssl: {bundle: own}} | portproxy.server.ssl.bundle: own | there is no SSL bundle at all | set spring.ssl.bundle.pem.own.*
            server: | server: {ssl: {bundle: ''}} | portproxy.server.ssl.bundle | there is no SSL bundle at all | set spring.ssl.bundle.pem.NAME.*
            server: | server: {ssl: {client-auth: need}} | portproxy.server.ssl.client-auth: need | no effect without TLS | set portproxy.server.ssl.bundle
            server: | server: {ssl: {client-auth: want}} | portproxy.server.ssl.client-auth: want | is not one of the values that exist: none, need | write none or need
            server: | server: {ssl: {bundel: own}} | portproxy.server.ssl.bundel: own | no such property | did you mean portproxy.server.ssl.bundle?
            server: | server: {ssl: own} | portproxy.server.ssl: own | there are keys below it | write the keys below it instead: acme, bundle, client-auth
            remote-name: one | remote-name: '' | portproxy.server.proxy[0].remote-name | is empty | 1 to 255 bytes
            remote-name: one | remote-name: ' ' | portproxy.server.proxy[0].remote-name | is empty | 1 to 255 bytes
            remote-name: one | remote-name: a/b | portproxy.server.proxy[0].remote-name: a/b | has a / | signs other than
            remote-name: one | remote-name: 'a\\\\b' | portproxy.server.proxy[0].remote-name: a\\b | has a \\ | signs other than
            remote-name: one | remote-name: '50%' | portproxy.server.proxy[0].remote-name: 50% | has a % | signs other than
            remote-name: one | remote-name: 'a;b' | portproxy.server.proxy[0].remote-name: a;b | has a ; | signs other than
            remote-name: one | remote-name: '..' | portproxy.server.proxy[0].remote-name: .. | nothing but dots | signs other than
            remote-name: one | remote-name: "a\u202Eb" | portproxy.server.proxy[0].remote-name: a\u202Eb | U+202E, which cannot be seen | signs other than
            name: one | name: "a\u200Bb" | portproxy.client.name: a\u200Bb | U+200B, which cannot be seen | signs other than
            name: one | name: 'a/b' | portproxy.client.name: a/b | has a / | signs other than
            remote-name: one | remote_nam: one | portproxy.server.proxy[0].remote_nam: one | there is no such property | did you mean portproxy.server.proxy[0].remote-name?
            remote-name: one | remote-name: 'dev-*' | portproxy.server.proxy[0].grants | is missing: dev-* is a template | write grants with ports, such as 20000-20999
            remote-name: one | remote-name: 'dev-*' | portproxy.server.proxy[0].port-list[0].bind: 127.0.0.1:0 | is not for a template | remove it
            remote-name: one | remote-name: '*' | portproxy.server.proxy[0].remote-name: * | stands for every name | as in dev-*
            remote-name: one | grants: {} | portproxy.server.proxy[0].grants.ports | is missing | such as 20000-20999
            remote-name: one | grants: {hosts: '{name}.example.com'} | portproxy.server.proxy[0].grants.hosts: {name}.example.com | there is no gateway | write portproxy.server.gateways
            remote-name: one | grants: {ports: 0-5} | portproxy.server.proxy[0].grants.ports: 0-5 | has port 0 | such as 20000-20999
            remote-name: one | grants: {ports: 9-5} | portproxy.server.proxy[0].grants.ports: 9-5 | has its highest port first | such as 20000-20999
            remote-name: one | grants: {ports: 1-70000} | portproxy.server.proxy[0].grants.ports: 1-70000 | out of range | such as 20000-20999
            remote-name: one | grants: {ports: any} | portproxy.server.proxy[0].grants.ports: any | not a number | such as 20000-20999
            remote-name: one | grants: {ports: 5, max: 0} | portproxy.server.proxy[0].grants.max: 0 | out of range | write 1 to 1000
            remote-name: one | grants: {ports: 5, max-remotes: 0} | portproxy.server.proxy[0].grants.max-remotes: 0 | out of range | write 1 to 10000
            remote-name: one | grants: {ports: 5, sticky: 721h} | portproxy.server.proxy[0].grants.sticky: 721h | out of range | write 0s to 720h
            remote-name: one | grants: {ports: 5, bind: '0.0.0.0:80'} | portproxy.server.proxy[0].grants.bind: 0.0.0.0:80 | is not an address | without a port
            remote-name: one | grants: {ports: 5, bind: 'no..host'} | portproxy.server.proxy[0].grants.bind: no..host | cannot be resolved | without a port
            remote-name: one | grants: 5 | portproxy.server.proxy[0].grants: 5 | there are keys below it | bind, hosts, max, max-remotes, ports, sticky
            client: | client: {expose: [{port: 5}]} | portproxy.client.expose[0].target | is missing | host:port
            client: | client: {expose: [{target: db}]} | portproxy.client.expose[0].target: db | not a number: db | host:port
            client: | client: {expose: [{target: 80, port: 0}]} | portproxy.client.expose[0].port: 0 | is out of range | write 1 to 65535
            client: | client: {expose: [{target: 80}], protocol: classic} | portproxy.client.expose[0].target: 80 | has no effect with protocol: classic | set portproxy.client.protocol to extended
            type: http | type: sctp | portproxy.server.proxy[0].port-list[0].type: sctp | is not one of the values that exist: tcp, http, udp | write tcp or http or udp
            client: | client: {expose: [{target: 'unix:/run/app.sock'}]} | portproxy.client.expose[0].target: unix:/run/app.sock | for which a remote cannot ask | configure a port with remote: unix:/run/app.sock
            client: | client: {allow: ['unix:app.sock']} | portproxy.client.allow[0]: unix:app.sock | a path that is not absolute | such as unix:/run/app.sock
            client: | client: {allow: ['5010-5000']} | portproxy.client.allow[0]: 5010-5000 | ends before it begins | host:5000-5010
            client: | client: {protocol: classic, allow: ['unix:/run/app.sock']} | portproxy.client.allow[0]: unix:/run/app.sock | no effect with protocol: classic | set portproxy.client.protocol to extended
            client: | client: {expose: [{target: 80, type: udp}]} | portproxy.client.expose[0].type: udp | cannot be asked for by a remote | configure a port of type udp at the server
            client: | client: {datagram-queue: 1MB} | portproxy.client.datagram-queue: 1MB | is out of range | write 64KB to 768KB
            workers: 1 | usage: {interval: 61s} | portproxy.usage.interval: 61s | is out of range | write 100ms to 60s
            workers: 1 | usage: {interval: 0s} | portproxy.usage.interval: 0s | is out of range | write 100ms to 60s
            workers: 1 | usage: {max-ports: 0} | portproxy.usage.max-ports: 0 | is out of range | write 1 to 100000
            workers: 1 | usage: {every: 1s} | portproxy.usage.every | there is no such property | the keys here are interval, keep-days, keep-hours, keep-months, max-ports
            workers: 1 | webhooks: [{name: a}] | portproxy.webhooks[0].url | is missing | such as https://example.com/hooks/portproxy
            workers: 1 | webhooks: [{url: 'ftp://h/Sesame'}] | portproxy.webhooks[0].url: (hidden) | no URL with http or https | such as https://example.com/hooks/portproxy
            workers: 1 | webhooks: [{url: 'https://h:70000/Sesame'}] | portproxy.webhooks[0].url: (hidden) | no URL with http or https | such as https://example.com/hooks/portproxy
            workers: 1 | webhooks: [{url: 'http://h/', secret: short}] | portproxy.webhooks[0].secret: (hidden) | is too short or too long | write 16 to 256 characters
            workers: 1 | webhooks: [{url: 'http://h/', events: [remote-gone]}] | portproxy.webhooks[0].events[0]: remote-gone | is no type of event | write one of remote-up, remote-down
            workers: 1 | webhooks: [{url: 'http://h/', name: a}, {url: 'http://h/', name: a}] | portproxy.webhooks[1].name: a | is the name of another webhook | a name of its own
            workers: 1 | webhooks: [{url: 'http://h/', for: 25h}] | portproxy.webhooks[0].for: 25h | is out of range | write 0s to 24h
            workers: 1 | webhooks: [{url: 'http://h/', source: 'a b'}] | portproxy.webhooks[0].source: a b | is no URI reference | such as /portproxy
            type: http | host_header: rewrite | portproxy.server.proxy[0].port-list[0].host-header: rewrite | no effect on type tcp | type: http
            remote: 17211 | remote: 0 | portproxy.server.proxy[0].port-list[0].remote: 0 | out of range | 1 to 65535
            remote: 17211 | remote: 65536 | portproxy.server.proxy[0].port-list[0].remote: 65536 | out of range | 1 to 65535
            remote: 17211 | remote: http | portproxy.server.proxy[0].port-list[0].remote: http | not a number | 1 to 65535
            remote: 17211 | remote: '' | portproxy.server.proxy[0].port-list[0].remote | has no port | 1 to 65535
            remote: 17211 | remote: 10.0.0.5 | portproxy.server.proxy[0].port-list[0].remote: 10.0.0.5 | not a number | host:port as the remote sees it
            remote: 17211 | remote: db:0 | portproxy.server.proxy[0].port-list[0].remote: db:0 | out of range | host:port as the remote sees it
            remote: 17211 | remote: ':22' | portproxy.server.proxy[0].port-list[0].remote: :22 | has no host | host:port as the remote sees it
            remote: 17211 | remote: '[db]:80' | portproxy.server.proxy[0].port-list[0].remote: [db]:80 | no IPv6 address | host:port as the remote sees it
            remote: 17211 | remote: 'a,b:80' | portproxy.server.proxy[0].port-list[0].remote: a,b:80 | has a host that no Host header can have | host:port
            name: one | name: '' | portproxy.client.name | is empty | 1 to 255 bytes
            name: one | protocol: classic | portproxy.client.name | is missing | 1 to 255 bytes
            name: one | protocol: fast | portproxy.client.protocol: fast | is not one of the values that exist: classic, extended | write classic or extended
            server: 127.0.0.1:1 | server: 9015 | portproxy.client.server: 9015 | has no host | proxy.example.org:9015
            server: 127.0.0.1:1 | server: 127.0.0.1:0 | portproxy.client.server: 127.0.0.1:0 | has port 0 | proxy.example.org:9015
            server: 127.0.0.1:1 | server: http://127.0.0.1:1 | portproxy.client.server: http://127.0.0.1:1 | is a URL | host:port, such as proxy.example.org:9015
            server: 127.0.0.1:1 | server: no..host:1 | portproxy.client.server: no..host:1 | cannot be resolved | set portproxy.client.resolve-at-start to false
            server: 127.0.0.1:1 | idle-timeout: 10 | portproxy.client.server | is missing | proxy.example.org:9015
            client: | client: {connect-timeout: 0s} | portproxy.client.connect-timeout: 0s | out of range | write 100ms to 24h
            client: | client: {resolve-at-start: perhaps} | portproxy.client.resolve-at-start: perhaps | is not true or false | write true or false
            client: | client: {reconnect: {initial: 0}} | portproxy.client.reconnect.initial: 0 | out of range | write 1ms to 24h
            client: | client: {reconnect: {max: 100ms}} | portproxy.client.reconnect.max: 100ms | is less than portproxy.client.reconnect.initial (500ms) | write 500ms or more
            client: | client: {reconnect: 5} | portproxy.client.reconnect: 5 | there are keys below it | write the keys below it
            client: | client: {reconnect: {maximum: 5}} | portproxy.client.reconnect.maximum | no such property | the keys here are initial, max
            client: | client: {greeting-timeout: 0} | portproxy.client.greeting-timeout: 0 | out of range | write 100ms to 24h
            client: | client: {max-window: 4095} | portproxy.client.max-window: 4095 | out of range | write 4KB to 1GB
            client: | client: {tunnels: 0} | portproxy.client.tunnels: 0 | out of range | write 1 to 16
            client: | client: {tunnels: 17} | portproxy.client.tunnels: 17 | out of range | write 1 to 16
            client: | client: {connect-to: both} | portproxy.client.connect-to: both | is not one of the values that exist: any, all | write any or all
            client: | client: {resolve-interval: 10ms} | portproxy.client.resolve-interval: 10ms | is out of range | write 1s to 24h
            client: | client: {tunnels: 2, protocol: classic} | portproxy.client.tunnels: 2 | is more than protocol: classic can have | set portproxy.client.protocol to extended
            client: | client: {ssl: {bundle: own}} | portproxy.client.ssl.bundle: own | there is no SSL bundle at all | set spring.ssl.bundle.pem.own.*
            client: | client: {ssl: {client-auth: need}} | portproxy.client.ssl.client-auth: need | no such property | did you mean portproxy.server.ssl.client-auth?
            client: | client: {allow: []} | portproxy.client.allow | is empty | write a port of 127.0.0.1, host:port, or host:*
            client: | client: {allow: [17210, 0]} | portproxy.client.allow[1]: 0 | out of range | write a port of 127.0.0.1, host:port, or host:*
            client: | client: {allow: '17210, db'} | portproxy.client.allow[1]: 17210, db | not a number: db | write a port of 127.0.0.1, host:port, or host:*
            client: | client: {allow: ['*:22']} | portproxy.client.allow[0]: *:22 | has no host: * is not one | write a port of 127.0.0.1, host:port, or host:*
            client: | client: {allow: ['*']} | portproxy.client.allow[0]: * | not a number: * | write a port of 127.0.0.1, host:port, or host:*
            client: | client: {allow: [':*']} | portproxy.client.allow[0]: :* | has no host | write a port of 127.0.0.1, host:port, or host:*
            client: | client: {tunnel-buffer: 1KB} | portproxy.client.tunnel-buffer: 1KB | is less than portproxy.client.stream-buffer (1MB) | write 1MB or more
            """)
    void namesPropertyValueReasonAndFix(String right, String wrong, String property, String reason, String fix) {
        assertThat(RIGHT).contains(right);
        String yaml = wrong.startsWith(right + " ")
                ? RIGHT + "---\nportproxy:\n  " + wrong + "\n"
                : RIGHT.replaceFirst("(?m)(?<=^[ -]{0,30})\\Q" + right + "\\E$", wrong);

        FailureAnalysis report = Checked.failure(folder, yaml, QUIET, BOTH);

        assertThat(report.getDescription()).contains(property + "\n", reason);
        assertThat(report.getAction()).contains(property.split(": ", 2)[0] + ": ", fix);
        assertThat(report.getDescription().contains("test.yml"))
                .as("the file is named, unless nothing was written")
                .isEqualTo(
                        !property.endsWith(": 30s") && (!reason.equals("is missing") || fix.contains("did you mean")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                 | is not a Host
            'a b'              | is not a Host
            'a\\r\\nX-Evil: b' | is not a Host
            'a\\tb'            | is not a Host
            ' '                | is not a Host
            """)
    void refusesALiteralHostThatNoHeaderCanHold(String host, String reason) {
        FailureAnalysis report = Checked.failure(
                folder,
                RIGHT.replace("type: http", "type: http\n            host_header: \"" + host + "\""),
                QUIET,
                BOTH);

        assertThat(report.getDescription())
                .contains("portproxy.server.proxy[0].port-list[0].host-header", reason, "test.yml");
        assertThat(report.getAction()).contains("write rewrite, preserve, or a host");
    }

    @Test
    void refusesARemoteNameThatIsTooLongInBytes() {
        FailureAnalysis report =
                Checked.failure(folder, RIGHT.replace("name: one", "name: " + "ü".repeat(128)), QUIET, BOTH);

        assertThat(report.getDescription())
                .contains("portproxy.server.proxy[0].remote-name", "too long: 256 bytes in UTF-8")
                .contains("portproxy.client.name");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:26688, 127.0.0.1:26688",
        "0.0.0.0:26688, 127.0.0.1:26688",
        "127.0.0.1:26688, 0.0.0.0:26688",
        "'[::]:26688', 127.0.0.1:26688",
        "26688, localhost:26688",
    })
    void refusesTwoPortsOnOneAddress(String first, String second) {
        String yaml = RIGHT.replace(
                        "bind: 127.0.0.1:0\n            remote: 17211", "bind: '" + first + "'\n            remote: 1")
                .replace(
                        "bind: 127.0.0.1:0\n            remote: 17210",
                        "bind: '" + second + "'\n            remote: 2");

        FailureAnalysis report = Checked.failure(folder, yaml, QUIET, BOTH);

        assertThat(report.getDescription())
                .contains("portproxy.server.proxy[0].port-list[1].bind: " + second)
                .contains("on the same address and port as portproxy.server.proxy[0].port-list[0].bind");
        assertThat(report.getAction()).contains("a port of its own");
    }

    @Test
    void refusesAnExposedPortOnTheTunnelsAddress() {
        String yaml = RIGHT.replace("server:\n    bind: 127.0.0.1:0", "server:\n    bind: 29015")
                .replace("bind: 127.0.0.1:0\n            remote: 17210", "bind: 29015\n            remote: 2");

        FailureAnalysis report = Checked.failure(folder, yaml, QUIET, BOTH);

        assertThat(report.getDescription())
                .contains("portproxy.server.proxy[0].port-list[1].bind: 29015")
                .contains("on the same address and port as portproxy.server.bind (0.0.0.0:29015)");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:29016, server.port (127.0.0.1:29016), --server.port=29016",
        "0.0.0.0:29016, server.port (127.0.0.1:29016), --server.port=29016",
        "127.0.0.1:29017, management.server.port (0.0.0.0:29017), --management.server.port=29017",
        "127.0.0.1:29018, portproxy.demo.echo-port (127.0.0.1:29018), '--spring.profiles.include=echo --portproxy.demo.echo-port=29018'"
    })
    void refusesAnExposedPortOnTheAddressOfAnotherPartOfTheProcess(String bind, String other, String options) {
        List<String> arguments = new ArrayList<>(List.of(QUIET, BOTH));
        arguments.addAll(List.of(options.split(" ")));

        FailureAnalysis report = Checked.failure(
                folder,
                RIGHT.replace(
                        "bind: 127.0.0.1:0\n            remote: 17210", "bind: " + bind + "\n            remote: 2"),
                arguments.toArray(String[]::new));

        assertThat(report.getDescription())
                .contains("portproxy.server.proxy[0].port-list[1].bind: " + bind)
                .contains("on the same address and port as " + other);
    }

    @Test
    void refusesABundleThatCannotBeLoadedThoughNobodyUsesIt() {
        FailureAnalysis report = Checked.failure(
                folder, RIGHT + "spring.ssl.bundle.pem.unused.truststore.certificate: file:/none.crt", QUIET, BOTH);

        assertThat(report.getDescription())
                .contains("a problem:", "spring.ssl.bundle.pem.unused\n", "cannot be loaded: /none.crt");
    }

    @Test
    void namesTheFileThatIsNoYaml() {
        FailureAnalysis report = Checked.failure(folder, "portproxy:\n  workers: 1\n workers: 2\n", QUIET, BOTH);

        assertThat(report.getDescription())
                .contains("test.yml\n    cannot be read as YAML: ", "line 3, column 2")
                .doesNotContain("workers");
        assertThat(report.getAction()).contains("test.yml: correct that line or the one before it");
    }

    @Test
    void namesTheFileThatIsImportedAndNoYaml() {
        Path imported = Started.write(folder, "more.yml", "a: [1\n");

        FailureAnalysis report =
                Checked.failure(folder, RIGHT + "spring.config.import: file:" + imported + "\n", QUIET, BOTH);

        assertThat(report.getDescription()).contains(imported + "\n    cannot be read as YAML: ");
    }

    /** The JDK decodes bytes of an argument that are invalid in the locale's encoding as U+FFFD. */
    @Test
    void refusesANameThatTheLocaleCannotSay() {
        FailureAnalysis report =
                Checked.failure(folder, RIGHT, QUIET, BOTH, "--portproxy.client.name=m\uFFFD\uFFFDller");

        assertThat(report.getDescription())
                .contains("a problem:", "portproxy.client.name: m\uFFFD\uFFFDller", "could not be read");
        assertThat(report.getAction()).contains("set LC_ALL=C.UTF-8 before the start, or write the name in a file");
    }

    @Test
    void refusesTheSameRemoteNameTwice() {
        FailureAnalysis report =
                Checked.failure(folder, RIGHT.replace("  client:", "      - remote-name: one\n  client:"), QUIET, BOTH);

        assertThat(report.getDescription())
                .contains("portproxy.server.proxy[1].remote-name: one")
                .contains("is the same as portproxy.server.proxy[0].remote-name");
        assertThat(report.getAction()).contains("one entry, with all of its ports");
    }

    @Test
    void refusesAServerThatExposesNothing() {
        FailureAnalysis report =
                Checked.failure(folder, "", QUIET, "--spring.profiles.active=server", "--portproxy.store=none");

        assertThat(report.getDescription()).contains("portproxy.server.proxy", "would expose nothing");
        assertThat(report.getAction()).contains("remote-name and port-list");
    }

    @Test
    void refusesAGapInAList() {
        FailureAnalysis report = Checked.failure(
                folder,
                "",
                QUIET,
                "--spring.profiles.active=server",
                "--portproxy.server.proxy[0].remote-name=one",
                "--portproxy.server.proxy[2].remote-name=three");

        assertThat(report.getDescription()).contains("portproxy.server.proxy[2].remote-name: three", "is not used");
        assertThat(report.getAction()).contains("without a gap");
    }

    @Test
    void refusesAListThatIsWrittenWithoutDashes() {
        FailureAnalysis report = Checked.failure(
                folder,
                "portproxy: {server: {proxy: {remote_name: one, port_list: {bind: 1}}}}",
                QUIET,
                "--spring.profiles.active=server");

        assertThat(report.getDescription()).contains("portproxy.server.proxy\n", "is a list");
        assertThat(report.getAction()).contains("write portproxy.server.proxy as a list, each entry behind a dash");
    }

    @Test
    void refusesAnEntryWithoutKeysAndStillReadsTheOnesBehindIt() {
        FailureAnalysis report = Checked.failure(
                folder,
                "portproxy: {server: {proxy: [{remote_name: one, port_list: [6688, {bind: 1, remote: 2, typ: tcp}]}]}}",
                QUIET,
                "--spring.profiles.active=server");

        assertThat(report.getDescription())
                .contains("2 problems")
                .contains("portproxy.server.proxy[0].port-list[0]: 6688")
                .contains("portproxy.server.proxy[0].port_list[1].typ: tcp");
        assertThat(report.getAction())
                .contains(
                        "write the keys below it instead: accept-proxy-protocol, access, auth, bind, enabled, forwarded-headers, headers, hold-while-away, host-header, hsts, idle-timeout, limits, max-request-head, max-sessions, max-sessions-per-user, name, proxy-protocol, quota, remote, reply-limit, request-timeout, response-timeout, trusted-proxies, type")
                .contains("did you mean portproxy.server.proxy[0].port-list[1].type?");
    }

    @Test
    void refusesUnknownSystemProperties() {
        System.setProperty("portproxy.client.nmae", "one");
        try {
            FailureAnalysis report = Checked.failure(folder, RIGHT, QUIET, BOTH);

            assertThat(report.getDescription()).contains("portproxy.client.nmae: one", "no such property");
            assertThat(report.getAction()).contains("did you mean portproxy.client.name?");
        } finally {
            System.clearProperty("portproxy.client.nmae");
        }
    }

    @Test
    void findsUnknownKeysOfARoleThatIsNotActive() {
        FailureAnalysis report = Checked.failure(
                folder,
                RIGHT.replace("name: one\n    server", "nam: one\n    server"),
                QUIET,
                "--spring.profiles.active=server");

        assertThat(report.getDescription()).contains("a problem:", "portproxy.client.nam: one");
    }

    @Test
    void reportsEverythingAtOnce() {
        FailureAnalysis report = Checked.failure(
                folder,
                RIGHT.replace("workers: 1", "workers: none")
                        .replace("type: http", "typ: http")
                        .replace("remote: 17210", "remote: 0")
                        .replace("name: one\n    server", "server"),
                QUIET,
                BOTH);

        assertThat(report.getDescription())
                .contains("4 problems")
                .contains("portproxy.workers: none")
                .contains("portproxy.server.proxy[0].port-list[0].typ: http")
                .contains("portproxy.server.proxy[0].port-list[1].remote: 0")
                .contains("portproxy.client.name");
        assertThat(report.getAction().lines()).hasSize(4);
    }

    @Test
    void saysWhereAValueCameFromThatIsWrittenAsAReference() {
        FailureAnalysis report = Checked.failure(
                folder,
                RIGHT.replace("server: 127.0.0.1:1", "server: ${proxy.host:localhost}"),
                QUIET,
                BOTH,
                "--proxy.host=nowhere");

        assertThat(report.getDescription()).contains("portproxy.client.server: nowhere", "has no port");
        assertThat(report.getAction()).contains("the value comes from proxy.host");
    }

    @Test
    void namesThePropertyOfAnAddressOfAnotherHost() {
        FailureAnalysis report =
                Started.failure(folder, RIGHT.replaceFirst("bind: 127.0.0.1:0", "bind: 192.0.2.1:9015"), QUIET, BOTH);

        assertThat(report.getDescription())
                .contains("portproxy.server.bind: 192.0.2.1:9015\n", "is not an address of this machine", "test.yml");
        assertThat(report.getAction()).contains("portproxy.server.bind: ", "0.0.0.0 for all of them");
    }

    /** Starts the whole application, which must fail. */
    @Test
    void reportsWhatIsWrongAtAStart() {
        FailureAnalysis report = Started.failure(folder, RIGHT.replace("workers: 1", "workers: 0"), QUIET, BOTH);

        assertThat(report.getDescription())
                .contains("a problem:", "portproxy.workers: 0\n", "is out of range", "test.yml");
        assertThat(report.getAction()).contains("portproxy.workers: ", "write 1 to 256");
    }

    @Test
    void namesThePropertyOfAnAddressInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            FailureAnalysis exposed = Started.failure(
                    folder,
                    RIGHT.replace(
                            "bind: 127.0.0.1:0\n            remote: 17210",
                            "bind: " + taken.getLocalPort() + "\n            remote: 2"),
                    QUIET,
                    BOTH);
            FailureAnalysis tunnel =
                    Started.failure(folder, RIGHT.replaceFirst("bind: 127.0.0.1:0", "bind: " + address), QUIET, BOTH);

            assertThat(exposed.getDescription())
                    .contains("portproxy.server.proxy[0].port-list[1].bind: " + taken.getLocalPort(), "is in use");
            assertThat(exposed.getAction()).contains("stop that program");
            assertThat(tunnel.getDescription()).contains("portproxy.server.bind: " + address, "is in use");
        }
    }
}
