package io.portproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests values that the chart refuses, and its messages. */
class ChartValuesTest {

    /** Helm has two generations of validators, which word the same complaint differently. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replicas: 2                                             | replicas
            image: {repo: x}                                        | repo
            tls: {enable: true}                                     | enable
            tls: {certManager: {issuer: x}}                         | issuer
            role: proxy                                             | role
            replicaCount: -1                                        | replicaCount
            replicaCount: two                                       | replicaCount
            shutdownGrace: 10s                                      | shutdownGrace
            ports: []                                               | ports
            ports: [{name: web, port: 80, remote: a, target: 1}]    | port
            ports: [{name: Web, port: 8080, remote: a, target: 1}]  | name
            ports: [{name: web, port: 8080, target: 1}]             | remote
            ports: [{name: web, port: 8080, remote: a}]             | target
            ports: [{name: web, port: 8080, remote: a, target: a}]  | target
            ports: [{name: t, use: tunnel, port: 8080, remote: a}]  | remote
            ports: [{name: w, port: 8080, remote: a, target: 1, typ: tcp}] | typ
            ports: [{name: w, port: 8080, remote: a, target: 1, type: sctp}] | type
            ports: [{name: w, port: 8080, remote: a, target: 1, hostHeader: preserve}] | type
            ports: [{name: w, port: 8080-, remote: a, target: 1}]   | port
            ports: [{name: t, use: tunnel, port: 9015-9020}]        | port
            ports: [{name: w, port: 8080, remote: a, target: 'unix:run'}] | target
            ports: [{name: t, use: tunnel, port: 9015, settings: {}}] | settings
            ports: [{name: w, port: 8080, remote: a, target: 1, settings: {proxyProtocol: v3}}] | proxyProtocol
            ports: [{name: w, port: 8080, remote: a, target: 1, settings: {accept-proxy-protocol: 10.0.0.1}}] | accept-proxy-protocol
            hosts: [{host: a.example, remote: a, target: 5000-5010}] | target
            hosts: [{host: a.example, remote: a, target: 1, settings: {access: {allowed: []}}}] | allowed
            remotes: {home: {limits: 5}}                            | limits
            services: {users: {type: Ingress}}                      | type
            services: {users: {type: ClusterIP, externalTrafficPolicy: Local}} | externalTrafficPolicy
            services: {test: {type: ClusterIP}}                     | test
            client: {connectTo: both}                               | connectTo
            config: {portproxy: {server: {idleTimeout: 1m}}}        | idleTimeout
            config: {portproxy.server.bind: a}                      | portproxy.server.bind
            env: [{name: SPRING_PROFILES_ACTIVE, value: demo}]      | env
            admin: {users: []}                                      | users
            admin: {users: [{name: 'a:b'}]}                         | name
            role: client                                            | client
            store: {type: h2}                                       | type
            store: {database: {url: 'jdbc:mysql://db/x'}}           | url
            livenessProbe: {httpGet: {}}                            | httpGet
            networkPolicy: {ingress: {admin: []}}                   | admin
            image: {digest: 'sha256:abc'}                           | digest
            services: {users: {type: ClusterIP, ipFamilies: [IPv5]}} | ipFamilies
            ingress: {enabled: true, hosts: [{host: a}]}            | port
            ingress: {enabled: true, hosts: [{host: 'a:80', port: web}]} | host
            httpRoute: {routes: [{port: web, host: a}]}             | host
            extraVolumes: [{name: tls, emptyDir: {}}]               | extraVolumes
            extraContainers: [{name: portproxy, image: a}]          | extraContainers
            extraVolumeMounts: [{name: a}]                          | mountPath
            hostAliases: [{ip: 192.0.2.1}]                          | hostnames
            dnsConfig: {nameserver: 192.0.2.53}                     | nameserver
            dnsPolicy: Cluster                                      | dnsPolicy
            revisionHistoryLimit: all                               | revisionHistoryLimit
            envFrom: [{secret: a}]                                  | secret
            """)
    void theSchemaRefuses(String values, String key) {
        assertThatThrownBy(() -> Chart.render(values))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ports: [{name: t, use: tunnel, port: 9015}]                        | one needs use: admin
            ports: [{name: a, use: admin, port: 9016}]                         | one needs use: tunnel
            ports: [{name: a, use: admin, port: 9016}, {name: b, use: admin, port: 9017}] | both have use: admin
            ports: [{name: a, use: admin, port: 9016}, {name: a, use: tunnel, port: 9017}] | the name a is taken
            ports: [{name: a, use: admin, port: 9016}, {name: t, use: tunnel, port: 9016}] | both listen on 9016
            test: {port: 9015}                                                 | both listen on 9015
            test: {enabled: false}                                             | nothing is exposed
            tls: {enabled: true}                                               | tls.existingSecret: name the Secret that has tls.crt
            tls: {admin: true}                                                 | has no effect without tls.enabled
            tls: {clientAuth: need}                                            | has no effect without tls.enabled
            tls: {certManager: {enabled: true}}                                | has no effect without tls.enabled
            tls: {enabled: true, certManager: {enabled: true}}                 | name the Issuer
            tls: {enabled: true, existingSecret: a, certManager: {enabled: true}} | exclude each other
            autoscaling: {enabled: true}                                       | is for clients
            admin: {users: [{name: a}, {name: a}]}                             | a is there twice
            ingress: {enabled: true}                                           | ingress.hosts: leads nowhere
            ingress: {enabled: true, hosts: [{port: web}]}                     | there is no port web
            ingress: {enabled: true, hosts: [{port: tunnel}]}                  | where remotes connect, which is not HTTP
            httpRoute: {enabled: true, parentRefs: [{name: g}]}                | httpRoute.routes: leads nowhere
            httpRoute: {enabled: true, routes: [{port: admin}]}                | httpRoute.parentRefs: name the Gateway
            httpRoute: {enabled: true, parentRefs: [{name: g}], routes: [{port: admin}, {port: admin}]} | put the hostnames into one entry
            config: {server: {port: 1}}                                        | config.server.port: is set by other values
            config: {portproxy: {server: {bind: a}}}                           | config.portproxy.server.bind: is set
            store: {type: file}; replicaCount: 2                               | one store is for one pod, and replicaCount is 2
            store: {type: database}                                            | store.database.url: is missing
            store: {type: database, database: {url: 'jdbc:postgresql://db/x'}} | name the Secret with username and password
            config: {portproxy: {store: auto}}                                 | config.portproxy.store: is set by other values
            hosts: [{host: a.example, remote: home, target: 1}]                | hosts: no port has use: gateway
            ports: [{name: t, use: tunnel, port: 9015}, {name: a, use: admin, port: 9016}, {name: w, use: gateway, port: 8080}]; hosts: [{host: a.example, remote: home, target: 1, gateways: [v]}] | hosts: a.example is for the gateway v, which no port is: write one of w
            role: client; client: {name: home, server: 'a:1'}                  | name the Secret that has it as home-token
            remotes: {helm-test: {}}                                           | test.remote: helm-test is there in remotes
            remotes: {home: {portList: []}}                                    | remotes: home: the setting portList is set by other values
            remotes: {home: {tokens: [a]}}                                     | remotes: home: the setting tokens is set by other values
            """)
    void theChartRefusesAndSaysWhatToDo(String values, String message) {
        assertThatThrownBy(() -> Chart.render(values.replace("; ", "\n"))).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {name: web, port: 6688, remote: helm-test, target: 1}             | name another
            {name: web, port: 6688, remote: größe, target: 1}                 | say the key of its token under tokens.keys
            {name: web, port: 6688, remote: a, target: 1, group: lan}         | add services.lan
            {name: web, port: 6688, remote: a, target: 1, nodePort: 30000}    | set NodePort or LoadBalancer
            {name: rtp, port: 30010-30000, remote: a, target: 1-11}           | write the lower port first
            {name: rtp, port: 1000-1010, remote: a, target: 1-11}             | both from 1024 to 65535
            {name: rtp, port: 30000-30100, remote: a, target: 1-101}          | which is 101 ports; each is a port of the Service, and a range has 100 at most
            {name: rtp, port: 30000-30010, remote: a, target: 1-11, servicePort: 65530} | it ends above 65535
            {name: rtp, port: 30000-30010, remote: a, target: 1-11, nodePort: 30000} | which is one port: remove nodePort
            {name: rtp, port: 30000-30010, remote: a, target: 1-11, type: http} | which is not for type: http
            {name: rtp, port: 9010-9020, remote: a, target: 1-11}             | tunnel and rtp both listen on 9015
            {name: web, port: 6688, remote: a, target: 1, settings: {bind: a}} | ports: web: the setting bind is set by other values
            {name: web, port: 6688, remote: a, target: 1, settings: {type: udp}} | ports: web: the setting type is set by other values
            {name: web, port: 6688, remote: a, target: 1, type: http, hostHeader: x, settings: {host-header: y}} | the setting host-header is set
            {name: web, port: 6688, remote: a, target: 1, settings: {holdWhileAway: 1s, hold-while-away: 2s}} | are the same: remove one of the two
            {name: web, port: 6688, use: gateway, settings: {ssl: {acme: true}}} | ports: web: the setting ssl is set by other values
            """)
    void aPortIsRefused(String port, String message) {
        String values =
                "ports: [{name: tunnel, use: tunnel, port: 9015}, {name: admin, use: admin, port: 9016}, " + port + "]";
        assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            termsAccepted: true            | termsAccepted: false              | acme.termsAccepted: port tls has acme
            store: {type: file}            | store: {type: none}               | store.type: port tls has acme
            acme: true}                    | acme: true, certificates: [sites]} | tls has acme and certificates
            servicePort: 443, acme         | servicePort: 444, acme            | none
            servicePort: 80, redirectToHttps | servicePort: 81, redirectToHttps | none
            """)
    void acmeIsRefusedWhereItCannotWork(String text, String other, String message) {
        String values = Chart.ACME.replace(text, other);
        if (message.equals("none")) { // one of the two ports is enough
            assertThat(Chart.render(values).configured("portproxy", "acme")).isNotNull();
        } else {
            assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
        }
        String neither = Chart.ACME
                .replace("servicePort: 443", "servicePort: 444")
                .replace("servicePort: 80", "servicePort: 81");
        assertThatThrownBy(() -> Chart.render(neither)).hasMessageContaining("the authority comes to port 80 or 443");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ports: [{name: a, use: admin, port: 9016}, {name: w, port: 8080, remote: a, target: 1}] | whom only a server has
            store: {type: file} | a client keeps nothing
            autoscaling: {enabled: true, minReplicas: 3, maxReplicas: 2} | is less than minReplicas
            remotes: {home: {}} | remotes: only a server has them
            """)
    void aClientRefuses(String values, String message) {
        assertThatThrownBy(() -> Chart.render(Chart.CLIENT + values)).hasMessageContaining(message);
    }
}
