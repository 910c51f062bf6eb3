package io.portproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
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
import java.util.stream.Stream;

/** That container, Services, NetworkPolicy and the application's configuration have the same ports. */
final class PortsAgree {
    private PortsAgree() {}

    static void check(Manifests chart) {
        Container container = container(chart);
        Map<String, Integer> byName = container.getPorts().stream()
                .collect(Collectors.toMap(
                        ContainerPort::getName, ContainerPort::getContainerPort, (a, b) -> a, TreeMap::new));
        assertThat(byName).as("no name twice").hasSameSizeAs(container.getPorts());
        assertThat(configured(chart)).as("what the application binds").isEqualTo(Set.copyOf(byName.values()));

        List<ServicePort> served = chart.all(Service.class).stream()
                .filter(service -> !"None".equals(service.getSpec().getClusterIP()))
                .flatMap(service -> service.getSpec().getPorts().stream())
                .toList();
        assertThat(served.stream().map(port -> port.getTargetPort().getStrVal()))
                .as("what Services lead to")
                .containsExactlyInAnyOrderElementsOf(byName.keySet());
        assertThat(container.getPorts())
                .allSatisfy(port -> assertThat(served)
                        .filteredOn(
                                service -> service.getTargetPort().getStrVal().equals(port.getName()))
                        .allMatch(service -> service.getProtocol().equals(port.getProtocol())));
        for (NetworkPolicy policy : chart.all(NetworkPolicy.class)) {
            assertThat(policy.getSpec().getIngress().stream()
                            .flatMap(rule -> rule.getPorts().stream())
                            .map(NetworkPolicyPort::getPort)
                            .map(port -> port.getStrVal()))
                    .as("what may be connected to")
                    .containsExactlyInAnyOrderElementsOf(byName.keySet());
        }
        Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .forEach(probe -> assertThat(
                                byName.get(probe.getHttpGet().getPort().getStrVal()))
                        .isEqualTo(chart.configured("server", "port")));
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
            ports.add(portOf(chart.configured("portproxy", "server", "bind")));
            Object gateways = chart.configured("portproxy", "server", "gateways");
            for (Object gateway : gateways == null ? List.of() : (List<?>) gateways) {
                ports.add(portOf(((Map<?, ?>) gateway).get("bind")));
            }
            for (Object remote : (List<?>) chart.configured("portproxy", "server", "proxy")) {
                Object own = ((Map<?, ?>) remote).get("port-list");
                for (Object port : own == null ? List.of() : (List<?>) own) {
                    ports.add(portOf(((Map<?, ?>) port).get("bind")));
                }
            }
        }
        return ports;
    }

    private static Integer portOf(Object bind) {
        String text = bind.toString();
        return Integer.valueOf(text.substring(text.lastIndexOf(':') + 1));
    }
}
