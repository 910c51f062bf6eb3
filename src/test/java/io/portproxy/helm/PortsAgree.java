package io.portproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Checks that the container, the Services, the NetworkPolicy and the application's configuration have the same ports. */
final class PortsAgree {
    private PortsAgree() {}

    static void check(Manifests chart) {
        Container container = container(chart);
        List<ContainerPort> named = container.getPorts().stream()
                .filter(port -> port.getName() != null) // the ports of a range have no names
                .toList();
        Map<String, Integer> byName = named.stream()
                .collect(Collectors.toMap(
                        ContainerPort::getName, ContainerPort::getContainerPort, (a, b) -> a, TreeMap::new));
        assertThat(byName).as("no name twice").hasSameSizeAs(named);
        List<String> listened = container.getPorts().stream()
                .map(port -> port.getContainerPort() + " " + port.getProtocol())
                .toList();
        assertThat(configured(chart))
                .as("what the application binds")
                .isEqualTo(container.getPorts().stream()
                        .map(ContainerPort::getContainerPort)
                        .collect(Collectors.toSet()));

        for (Service service : chart.all(Service.class)) {
            assertThat(service.getSpec().getPorts())
                    .extracting(ServicePort::getName)
                    .doesNotHaveDuplicates();
        }
        assertThat(chart.all(Service.class).stream()
                        .filter(service -> !"None".equals(service.getSpec().getClusterIP()))
                        .flatMap(service -> service.getSpec().getPorts().stream())
                        .map(port -> number(port.getTargetPort(), byName) + " " + port.getProtocol()))
                .as("what Services lead to")
                .containsExactlyInAnyOrderElementsOf(listened);
        for (NetworkPolicy policy : chart.all(NetworkPolicy.class)) {
            assertThat(policy.getSpec().getIngress().stream()
                            .flatMap(rule -> rule.getPorts().stream())
                            .flatMap(port -> numbers(port, byName).mapToObj(each -> each + " " + port.getProtocol())))
                    .as("what may be connected to")
                    .containsExactlyInAnyOrderElementsOf(listened);
        }
        Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .forEach(probe -> assertThat(
                                byName.get(probe.getHttpGet().getPort().getStrVal()))
                        .isEqualTo(chart.configured("server", "port")));
    }

    private static int number(IntOrString port, Map<String, Integer> byName) {
        return port.getStrVal() == null ? port.getIntVal() : byName.get(port.getStrVal());
    }

    private static IntStream numbers(NetworkPolicyPort port, Map<String, Integer> byName) {
        int first = number(port.getPort(), byName);
        return IntStream.rangeClosed(first, port.getEndPort() == null ? first : port.getEndPort());
    }

    static Container container(Manifests chart) {
        List<Container> containers =
                chart.only(Deployment.class).getSpec().getTemplate().getSpec().getContainers();
        assertThat(containers.get(0).getName())
                .as("those of an operator come behind it")
                .isEqualTo("portproxy");
        return containers.get(0);
    }

    private static Set<Integer> configured(Manifests chart) {
        Set<Integer> ports = new TreeSet<>();
        ports.add((Integer) chart.configured("server", "port"));
        if (chart.configured("portproxy", "server") != null) {
            addPorts(ports, chart.configured("portproxy", "server", "bind"));
            Object gateways = chart.configured("portproxy", "server", "gateways");
            for (Object gateway : gateways == null ? List.of() : (List<?>) gateways) {
                addPorts(ports, ((Map<?, ?>) gateway).get("bind"));
            }
            for (Object remote : (List<?>) chart.configured("portproxy", "server", "proxy")) {
                Object own = ((Map<?, ?>) remote).get("port-list");
                for (Object port : own == null ? List.of() : (List<?>) own) {
                    addPorts(ports, ((Map<?, ?>) port).get("bind"));
                }
            }
        }
        return ports;
    }

    private static void addPorts(Set<Integer> ports, Object bind) {
        String text = bind.toString();
        String[] ends = text.substring(text.lastIndexOf(':') + 1).split("-", -1);
        IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                .forEach(ports::add);
    }
}
