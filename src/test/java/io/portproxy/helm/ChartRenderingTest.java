package io.portproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests what the chart renders for given values. */
class ChartRenderingTest {
    private static final Path DOCUMENT = Path.of("src", "docs", "kubernetes.md");
    private static final String TLS = "tls: {enabled: true, existingSecret: pem}\n";
    private static final String CERT_MANAGER =
            "tls: {enabled: true, certManager: {enabled: true, issuerRef: {name: ca}, dnsNames: [proxy.example.net]}}\n";
    private static final String EVERYTHING = """
            replicaCount: 3
            image: {digest: 'sha256:%s'}
            services:
              tunnel:
                type: LoadBalancer
                externalTrafficPolicy: Local
                annotations: {a: b}
                labels: {team: net}
                ipFamilyPolicy: PreferDualStack
                ipFamilies: [IPv6, IPv4]
              users: {type: NodePort, externalTrafficPolicy: Cluster}
            tls: {enabled: true, admin: true, certManager: {enabled: true, issuerRef: {name: ca, kind: ClusterIssuer}}}
            config: {portproxy: {workers: 2, server: {idle-timeout: 1m}}, logging: {level: {io.portproxy: debug}}}
            javaOptions: -Xmx300m
            env: [{name: TZ, value: UTC}, {name: X, valueFrom: {configMapKeyRef: {name: more, key: x}}}]
            envFrom: [{secretRef: {name: more}}, {prefix: A_, configMapRef: {name: more}}]
            ingress:
              enabled: true
              className: nginx
              annotations: {a: b}
              hosts: [{host: app.example.net, port: admin}, {host: '*.example.net', port: admin, path: /a, pathType: Exact}]
              tls: [{secretName: app-tls, hosts: [app.example.net]}]
            httpRoute:
              enabled: true
              annotations: {a: b}
              parentRefs: [{name: gateway, namespace: gateways, sectionName: https}]
              routes: [{port: admin, hostnames: [app.example.net], path: /a}]
            deploymentAnnotations: {reloader.stakater.com/auto: 'true'}
            revisionHistoryLimit: 0
            extraVolumes:
              - {name: authorities, secret: {secretName: authorities}}
              - {name: more, configMap: {name: more}}
            extraVolumeMounts: [{name: authorities, mountPath: /etc/authorities, readOnly: true}]
            extraContainers: [{name: beside, image: beside}]
            initContainers: [{name: before, image: before}]
            hostAliases: [{ip: 192.0.2.1, hostnames: [db.internal]}]
            dnsPolicy: None
            dnsConfig: {nameservers: [192.0.2.53], searches: [example.net], options: [{name: ndots, value: '1'}]}
            podDisruptionBudget: {enabled: true}
            topologySpread: {enabled: true}
            networkPolicy: {enabled: true, ingress: {tunnel: [{ipBlock: {cidr: 192.0.2.0/24}}]}}
            serviceMonitor: {enabled: true, labels: {release: prometheus}}
            prometheusRule: {enabled: true}
            grafanaDashboard: {enabled: true}
            nodeSelector: {kubernetes.io/os: linux}
            tolerations: [{key: edge, operator: Exists}]
            priorityClassName: high
            podAnnotations: {made-by: me}
            podLabels: {team: net}
            imagePullSecrets: [{name: registry}]
            """.formatted("0".repeat(64));

    static Stream<Arguments> values() {
        return Stream.of(
                        Map.entry("the chart's own", ""),
                        Map.entry("a server", Chart.SERVER),
                        Map.entry("a client", Chart.CLIENT),
                        Map.entry("gateways", Chart.GATEWAYS),
                        Map.entry("settings", Chart.SETTINGS + "networkPolicy: {enabled: true}\n"),
                        Map.entry("gateways by ACME", Chart.ACME + "networkPolicy: {enabled: true}\n"),
                        Map.entry(
                                "gateways with TLS and a policy",
                                Chart.GATEWAYS + TLS + "networkPolicy: {enabled: true}\n"),
                        Map.entry("a server with everything", Chart.SERVER + EVERYTHING),
                        Map.entry(
                                "a client with everything",
                                Chart.CLIENT
                                        + EVERYTHING.replace("server: {idle-timeout", "client: {idle-timeout")
                                        + "autoscaling: {enabled: true}\n"
                                        + "test: {through: 'proxy:6688', echoPort: 17210}\n"),
                        Map.entry("a server without a pod", Chart.SERVER + "replicaCount: 0\n"),
                        Map.entry("a client without a pod", Chart.CLIENT + "replicaCount: 0\n"),
                        Map.entry("several servers", Chart.SERVER + "replicaCount: 2\n"),
                        Map.entry("IPv6", Chart.SERVER + "listenAddress: '::'\n"),
                        Map.entry("no test", Chart.SERVER + "test: {enabled: false}\n"),
                        Map.entry("no tokens", Chart.SERVER + "tokens: {enabled: false}\n"),
                        Map.entry("two tokens", Chart.SERVER + "tokens: {keys: {home: [new, old]}}\n"),
                        Map.entry(
                                "existing secrets",
                                Chart.SERVER + "tokens: {existingSecret: t}\nadmin: {existingSecret: a}\n"),
                        Map.entry("TLS", Chart.SERVER + TLS),
                        Map.entry("TLS on both sides", Chart.SERVER + TLS.replace("}", ", clientAuth: need}")),
                        Map.entry("TLS of cert-manager", Chart.SERVER + CERT_MANAGER),
                        Map.entry("a client with TLS", Chart.CLIENT + TLS),
                        Map.entry(
                                "a client with Java's authorities", Chart.CLIENT + "tls: {enabled: true, ca: false}\n"),
                        Map.entry(
                                "a client with a certificate",
                                Chart.CLIENT
                                        + CERT_MANAGER
                                                .replace("dnsNames", "x")
                                                .replace(", x: [proxy.example.net]", "")
                                                .replace("enabled: true, c", "enabled: true, clientAuth: need, c")),
                        Map.entry("policy", Chart.SERVER + "networkPolicy: {enabled: true}\n"),
                        Map.entry("a client's policy", Chart.CLIENT + "networkPolicy: {enabled: true}\n"),
                        Map.entry(
                                "budget", Chart.SERVER + "podDisruptionBudget: {enabled: true, maxUnavailable: 50%}\n"),
                        Map.entry("spread", Chart.SERVER + "topologySpread: {enabled: true}\n"),
                        Map.entry("monitor", Chart.SERVER + "serviceMonitor: {enabled: true}\n"),
                        Map.entry(
                                "open monitor",
                                Chart.SERVER + "serviceMonitor: {enabled: true}\nadmin: {openPrometheus: true}\n"),
                        Map.entry("rules", Chart.SERVER + "prometheusRule: {enabled: true}\n"),
                        Map.entry("dashboard", Chart.SERVER + "grafanaDashboard: {enabled: true}\n"),
                        Map.entry("autoscaling", Chart.CLIENT + "autoscaling: {enabled: true}\n"),
                        Map.entry("each address", Chart.CLIENT.replace("9015'", "9015', connectTo: all")),
                        Map.entry("no wait before the end", Chart.SERVER + "preStop: 0\nshutdownGrace: 60\n"),
                        Map.entry("other names", Chart.SERVER + "nameOverride: tunnel\n"))
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @Test
    void lintsWithoutAComplaint() {
        assertThat(Chart.complaints()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void whatIsRenderedHoldsTogether(String name, String values) {
        Manifests chart = Chart.render(values);
        PortsAgree.check(chart);
        assertThat(chart.objects()).allSatisfy(ChartRenderingTest::hasHelmsLabels);
        PodSpec pod = chart.only(Deployment.class).getSpec().getTemplate().getSpec();
        assertLeastPrivilege(pod);
        chart.all(Pod.class).forEach(test -> assertLeastPrivilege(test.getSpec()));
        assertThat(chart.only(Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels())
                .containsAllEntriesOf(
                        chart.only(Deployment.class).getSpec().getSelector().getMatchLabels());
        chart.all(Service.class)
                .forEach(service -> assertThat(service.getSpec().getSelector())
                        .isEqualTo(chart.only(Deployment.class)
                                .getSpec()
                                .getSelector()
                                .getMatchLabels()));
        chart.all(Pod.class)
                .forEach(test -> assertThat(test.getMetadata().getLabels())
                        .as("Services must not lead to the test")
                        .doesNotContainEntry(
                                "app.kubernetes.io/component",
                                chart.only(Deployment.class)
                                        .getMetadata()
                                        .getLabels()
                                        .get("app.kubernetes.io/component")));
        assertThat(values.contains("nameOverride") || chart.text().contains("<no value>"))
                .isEqualTo(values.contains("nameOverride"));
        assertThat(chart.mountedKeys("r-portproxy-tokens")).isEqualTo(keys(chart, "-tokens"));
    }

    private static void hasHelmsLabels(HasMetadata object) {
        assertThat(object.getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/instance", "r")
                .containsEntry("app.kubernetes.io/managed-by", "Helm")
                .containsKeys("app.kubernetes.io/name", "app.kubernetes.io/version", "helm.sh/chart");
        assertThat(object.getMetadata().getName()).hasSizeLessThanOrEqualTo(63);
    }

    private static void assertLeastPrivilege(PodSpec pod) {
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        Container container = pod.getContainers().get(0);
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getResources().getLimits()).containsKey("memory");
        assertThat(container.getEnv())
                .filteredOn(variable -> variable.getName().matches(".*(TOKEN|PASSWORD|SECRET).*"))
                .isEmpty();
        assertThat(pod.getVolumes())
                .extracting(volume -> volume.getName())
                .containsAll(container.getVolumeMounts().stream()
                        .map(mount -> mount.getName())
                        .toList());
    }

    private static List<String> keys(Manifests chart, String suffix) {
        return chart.find(Secret.class, suffix)
                .map(secret -> secret.getData().keySet().stream().sorted().toList())
                .orElse(List.of());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void notesTellTheNextCommand(String name, String values) {
        assertThat(Chart.notes(values))
                .contains("kubectl --namespace ns rollout status deployment/", "/api/v1/remotes")
                .doesNotContain("<no value>", "%!");
    }

    /** Renders the values in the document. Some of them are only a part of the values of a client or of a server. */
    @Test
    void documentedValuesAreTaken() throws Exception {
        Matcher blocks = Pattern.compile("(?s)```yaml values\n(.*?)```").matcher(Files.readString(DOCUMENT));
        int count = 0;
        while (blocks.find()) {
            String values = blocks.group(1);
            boolean whole = values.contains("\nports:") || values.contains("\nrole:");
            String rest =
                    values.startsWith("client:") ? "role: client\ntokens: {existingSecret: known}\n" : Chart.SERVER;
            PortsAgree.check(Chart.render(whole ? values : rest + values));
            count++;
        }
        assertThat(count).isEqualTo(13);
    }
}
