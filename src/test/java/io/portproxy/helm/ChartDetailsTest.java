package io.portproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests single properties of what the chart renders. */
class ChartDetailsTest {
    @Test
    void whatIsOptInIsNotThereUnasked() {
        Manifests chart = Chart.render(Chart.SERVER);
        for (Class<? extends HasMetadata> type : List.of(
                NetworkPolicy.class,
                PodDisruptionBudget.class,
                ServiceMonitor.class,
                PrometheusRule.class,
                HorizontalPodAutoscaler.class)) {
            assertThat(chart.all(type)).as(type.getSimpleName()).isEmpty();
        }
        assertThat(chart.all(ConfigMap.class)).as("no dashboard").hasSize(1);
        assertThat(chart.text()).doesNotContain("Certificate", "topologySpread");
    }

    @Test
    void gracesAddUp() {
        Manifests chart = Chart.render(Chart.SERVER + "preStop: 7\nshutdownGrace: 60\n");
        PodSpec pod = chart.only(Deployment.class).getSpec().getTemplate().getSpec();
        assertThat(chart.configured("portproxy", "shutdown-grace")).isEqualTo("60s");
        assertThat(PortsAgree.container(chart)
                        .getLifecycle()
                        .getPreStop()
                        .getSleep()
                        .getSeconds())
                .isEqualTo(7);
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(7 + 60 + 15);
    }

    @Test
    void probesAskTheHealthGroups() {
        Container plain = PortsAgree.container(Chart.render(Chart.SERVER));
        assertThat(plain.getStartupProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/liveness");
        assertThat(plain.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/liveness");
        assertThat(plain.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/readiness");
        Container tls = PortsAgree.container(
                Chart.render(Chart.SERVER + "tls: {enabled: true, admin: true, existingSecret: pem}\n"));
        assertThat(tls.getReadinessProbe().getHttpGet().getScheme()).isEqualTo("HTTPS");
    }

    @Test
    void severalServersHaveAHeadlessServiceThatTheTestDialsAsRemotesShould() {
        Manifests chart = Chart.render(Chart.SERVER + "replicaCount: 2\n");
        Service pods = chart.named(Service.class, "-tunnel-pods");
        assertThat(pods.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(pods.getSpec().getPorts()).extracting(ServicePort::getPort).containsExactly(9015);
        assertThat(variable(chart.only(Pod.class).getSpec(), "SPRING_APPLICATION_JSON"))
                .contains("\"connect-to\":\"all\"", "\"server\":\"r-portproxy-tunnel-pods:9015\"");
        assertThat(Chart.render(Chart.SERVER).find(Service.class, "-tunnel-pods"))
                .isEmpty();
        assertThat(Chart.notes(Chart.SERVER + "replicaCount: 2\n"))
                .contains("each a proxy server of its own", "connectTo:  all", "r-portproxy-tunnel-pods.ns.svc:9015");
    }

    private static String variable(PodSpec pod, String name) {
        return pod.getContainers().get(0).getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst()
                .orElse("");
    }

    @Test
    void aServicePortMayDifferFromThePods() {
        Service users = Chart.render(Chart.SERVER).named(Service.class, "-users");
        assertThat(users.getSpec().getPorts())
                .extracting(ServicePort::getName, ServicePort::getPort)
                .containsExactly(tuple("web", 80), tuple("psql", 6689));
    }

    @Test
    void aRangeHasAServicePortForEachOfItsPorts() {
        Manifests chart = Chart.render(Chart.SETTINGS + "networkPolicy: {enabled: true}\n");
        assertThat(chart.named(Service.class, "-users").getSpec().getPorts())
                .filteredOn(port -> port.getProtocol().equals("UDP"))
                .extracting(
                        ServicePort::getName,
                        ServicePort::getPort,
                        port -> port.getTargetPort().getIntVal())
                .containsExactly(
                        tuple("rtp-30000", 40000, 30000),
                        tuple("rtp-30001", 40001, 30001),
                        tuple("rtp-30002", 40002, 30002));
        assertThat(chart.application()).contains("bind: 0.0.0.0:30000-30002");
    }

    @Test
    void settingsAreWhatTheApplicationGets() {
        Manifests chart = Chart.render(Chart.SETTINGS);
        assertThat(chart.application())
                .contains("connections: 1000000\n", "in: 10000000\n", "X-Frame-Options: DENY", "description: at home");
        assertThat(chart.configured("portproxy", "server", "proxy"))
                .asString()
                .contains("remote-name=spare", "tokens=[${spare-token}]", "remote=unix:/run/psql/.s.PGSQL.5432");
        assertThat(chart.named(Secret.class, "-tokens").getData())
                .containsOnlyKeys("home-token", "desk-token", "spare-token");
    }

    @Test
    void anotherConfigurationOrSecretMakesOtherPods() {
        Map<String, String> before = podAnnotations(Chart.SERVER);
        assertThat(podAnnotations(Chart.SERVER + "shutdownGrace: 11\n").get("checksum/config"))
                .isNotEqualTo(before.get("checksum/config"));
        assertThat(before.get("checksum/secret"))
                .as("made anew each time, where nothing can be looked up")
                .isNotEqualTo(podAnnotations(Chart.SERVER).get("checksum/secret"));
        String known =
                Chart.SERVER + "test: {enabled: false}\ntokens: {existingSecret: t}\nadmin: {existingSecret: a}\n";
        assertThat(podAnnotations(known)).isEqualTo(podAnnotations(known));
    }

    private static Map<String, String> podAnnotations(String values) {
        return Chart.render(values)
                .only(Deployment.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations();
    }

    /** The application reads these objects only once, so it needs new pods. It reloads certificates by itself. */
    @Test
    void anotherContentOfWhatOthersMadeMakesOtherPods() {
        String values = Chart.SERVER + """
                test: {enabled: false}
                tokens: {existingSecret: t}
                admin: {existingSecret: a}
                env: [{name: X, valueFrom: {secretKeyRef: {name: e, key: x}}}]
                envFrom: [{configMapRef: {name: f}}]
                extraVolumes: [{name: v, configMap: {name: g}}, {name: w, emptyDir: {}}]
                tls: {enabled: true, existingSecret: pem}
                """;
        String once = existing(values, "");

        assertThat(existing(values, "")).as("nothing has changed").isEqualTo(once);
        for (String changed : List.of("t", "a", "e", "f", "g")) {
            assertThat(existing(values, changed)).as(changed).isNotEqualTo(once);
        }
        assertThat(existing(values, "pem")).as("a certificate").isEqualTo(once);
    }

    /** Returns the checksum of existing Secrets and ConfigMaps. The object with the name {@code changed} has another content. */
    private static String existing(String values, String changed) {
        var chart = Chart.copy(
                Chart.LOOKUP, "dict \"data\" (dict \"x\" (ternary \"another\" \"one\" (eq . \"" + changed + "\")))");
        return Chart.render(chart, values)
                .only(Deployment.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("checksum/existing");
    }

    /** Helm's library has no cluster in which to look up a Secret, so the test replaces the lookup by its result. */
    @Test
    void whatWasGeneratedIsKept() throws Exception {
        var chart = Chart.copy(
                "(lookup \"v1\" \"Secret\" $.Release.Namespace (printf \"%s-%s\" $fullname $part)).data",
                "(dict \"home-token\" \"a2VwdA==\")");
        var helpers = chart.resolve("templates/_helpers.tpl");
        Files.writeString(helpers, Files.readString(helpers).replace("$.Release.IsUpgrade", "true"));
        Secret tokens = Chart.render(chart, Chart.SERVER).named(Secret.class, "-tokens");
        assertThat(tokens.getData()).containsEntry("home-token", "a2VwdA==");
        assertThat(tokens.getData().get("desk-token")).as("new").hasSizeGreaterThan(40);
    }

    @Test
    void aClientTakesOnlyItsOwnTokenFromASecret() {
        Manifests chart = Chart.render(Chart.CLIENT + "tokens: {existingSecret: known, keys: {home: [new, old]}}\n");
        assertThat(chart.mountedKeys("known")).containsExactly("new");
        assertThat(chart.configured("portproxy", "client", "token")).isEqualTo("${new}");
    }

    @Test
    void metricsAreScrapedWithAPasswordThatTheApplicationKnows() {
        Manifests chart = Chart.render(Chart.SERVER + "serviceMonitor: {enabled: true}\n");
        var basic =
                chart.only(ServiceMonitor.class).getSpec().getEndpoints().get(0).getBasicAuth();
        Secret secret = chart.named(Secret.class, "-admin");
        assertThat(basic.getPassword().getName()).isEqualTo(secret.getMetadata().getName());
        assertThat(secret.getData())
                .containsKeys(basic.getPassword().getKey(), basic.getUsername().getKey());
        assertThat(chart.mountedKeys("r-portproxy-admin")).contains("prometheus-password");
        assertThat(chart.application()).contains("name: prometheus", "{noop}${prometheus-password}");
    }

    @Test
    void aLoneClientIsReplacedAndNotDoubled() {
        assertThat(strategy(Chart.CLIENT)).isEqualTo("Recreate");
        assertThat(strategy(Chart.CLIENT + "replicaCount: 2\n")).isEqualTo("RollingUpdate");
        assertThat(strategy(Chart.SERVER)).isEqualTo("RollingUpdate");
        assertThat(strategy(Chart.SERVER + "store: {type: file}\n")).isEqualTo("Recreate");
    }

    private static String strategy(String values) {
        return Chart.render(values)
                .only(Deployment.class)
                .getSpec()
                .getStrategy()
                .getType();
    }

    @Test
    void theImageIsThatOfThisVersion() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        String version =
                pom.replaceAll("(?s).*?<artifactId>portproxy</artifactId>\\s*<version>([^<]*)</version>.*", "$1");
        assertThat(PortsAgree.container(Chart.render("")).getImage()).isEqualTo("portproxy:" + version);
    }

    @Test
    void anImageMayBeNamedByItsDigest() {
        String digest = "sha256:" + "0123456789abcdef".repeat(4);
        Manifests chart = Chart.render("image: {repository: r.example.net/p, tag: '1', digest: '" + digest + "'}\n");
        assertThat(PortsAgree.container(chart).getImage()).isEqualTo("r.example.net/p:1@" + digest);
        assertThat(chart.only(Pod.class).getSpec().getContainers().get(0).getImage())
                .as("that of the test")
                .isEqualTo("r.example.net/p:1@" + digest);
    }

    @Test
    void aReleaseWithoutPodsKeepsItsServicesAndHasNothingToTest() {
        Manifests chart = Chart.render(Chart.SERVER + "replicaCount: 0\n");
        assertThat(chart.only(Deployment.class).getSpec().getReplicas()).isZero();
        assertThat(chart.find(Service.class, "-users")).isPresent();
        assertThat(chart.all(Pod.class)).isEmpty();
        assertThat(Chart.notes(Chart.SERVER + "replicaCount: 0\n"))
                .contains("no pod runs")
                .doesNotContain("helm test");
        assertThat(strategy(Chart.CLIENT + "replicaCount: 0\n")).isEqualTo("Recreate");
    }

    @Test
    void anIngressLeadsToThePortsService() {
        Ingress ingress = Chart.render(Chart.SERVER + """
                        ingress:
                          enabled: true
                          className: nginx
                          hosts: [{host: app.example.net, port: web}, {host: admin.example.net, port: admin, path: /api}]
                        """).only(Ingress.class);
        assertThat(ingress.getSpec().getIngressClassName()).isEqualTo("nginx");
        assertThat(ingress.getSpec().getRules())
                .extracting(
                        rule -> rule.getHost(),
                        rule -> rule.getHttp().getPaths().get(0).getPath(),
                        rule -> rule.getHttp()
                                .getPaths()
                                .get(0)
                                .getBackend()
                                .getService()
                                .getName(),
                        rule -> rule.getHttp()
                                .getPaths()
                                .get(0)
                                .getBackend()
                                .getService()
                                .getPort()
                                .getName())
                .containsExactly(
                        tuple("app.example.net", "/", "r-portproxy-users", "web"),
                        tuple("admin.example.net", "/api", "r-portproxy-admin", "admin"));
    }

    @Test
    void anHttpRouteLeadsToThePortsService() {
        Manifests chart = Chart.render(Chart.SERVER + """
                httpRoute:
                  enabled: true
                  parentRefs: [{name: gateway}]
                  routes: [{port: web, hostnames: [app.example.net]}]
                """);
        GenericKubernetesResource route = chart.named(GenericKubernetesResource.class, "-web");
        assertThat(route.<String>get("spec", "hostnames", 0)).isEqualTo("app.example.net");
        assertThat(route.<String>get("spec", "parentRefs", 0, "name")).isEqualTo("gateway");
        assertThat(route.<Map<String, Object>>get("spec", "rules", 0, "backendRefs", 0))
                .isEqualTo(Map.of("name", "r-portproxy-users", "port", 80));
    }

    @Test
    void certificatesByAcmeAreKeptOnTheVolume() {
        Manifests chart = Chart.render(Chart.ACME);

        assertThat(chart.configured("portproxy", "acme"))
                .isEqualTo(Map.of(
                        "terms-accepted",
                        true,
                        "staging",
                        false,
                        "email",
                        "admin@a.example",
                        "directory",
                        "https://ca.a.example:9000/acme/directory"));
        assertThat(chart.configured("portproxy", "data")).isEqualTo("/var/lib/portproxy");
        assertThat(chart.configured("portproxy", "server", "gateways"))
                .asString()
                .contains("ssl={acme=true}");
        assertThat(Chart.render(Chart.GATEWAYS).configured("portproxy", "acme")).isNull();
    }

    @Test
    void whatAnOperatorAddsIsInThePod() {
        PodSpec pod = Chart.render(Chart.SERVER + """
                        envFrom: [{secretRef: {name: more}}]
                        extraVolumes: [{name: authorities, secret: {secretName: authorities}}]
                        extraVolumeMounts: [{name: authorities, mountPath: /etc/authorities}]
                        extraContainers: [{name: beside, image: b}]
                        initContainers: [{name: before, image: a}]
                        hostAliases: [{ip: 192.0.2.1, hostnames: [db.internal]}]
                        dnsPolicy: None
                        dnsConfig: {nameservers: [192.0.2.53]}
                        """)
                .only(Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(pod.getContainers()).extracting(Container::getName).containsExactly("portproxy", "beside");
        assertThat(pod.getInitContainers()).extracting(Container::getName).containsExactly("before");
        Container own = pod.getContainers().get(0);
        assertThat(own.getEnvFrom().get(0).getSecretRef().getName()).isEqualTo("more");
        assertThat(own.getVolumeMounts())
                .anyMatch(mount -> mount.getName().equals("authorities")
                        && mount.getMountPath().equals("/etc/authorities"));
        assertThat(pod.getVolumes())
                .anyMatch(volume -> volume.getName().equals("authorities")
                        && volume.getSecret().getSecretName().equals("authorities"));
        assertThat(pod.getHostAliases().get(0).getHostnames()).containsExactly("db.internal");
        assertThat(pod.getDnsPolicy()).isEqualTo("None");
        assertThat(pod.getDnsConfig().getNameservers()).containsExactly("192.0.2.53");
    }

    @Test
    void aServiceHasItsLabelsAndFamilies() {
        Manifests chart = Chart.render(Chart.SERVER + """
                services:
                  users: {type: ClusterIP, labels: {team: net}, ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6, IPv4]}
                """);
        Service users = chart.named(Service.class, "-users");
        assertThat(users.getMetadata().getLabels())
                .containsEntry("team", "net")
                .containsEntry("portproxy/group", "users");
        assertThat(users.getSpec().getIpFamilyPolicy()).isEqualTo("RequireDualStack");
        assertThat(users.getSpec().getIpFamilies()).containsExactly("IPv6", "IPv4");
        assertThat(chart.named(Service.class, "-tunnel").getSpec().getIpFamilies())
                .isEmpty();
    }
}
