package io.portproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.Yaml;

/** The rendered manifests, read as Kubernetes reads them. A key that Kubernetes does not know fails the test. */
record Manifests(String text, List<HasMetadata> objects) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The model classes by API version and kind, as a manifest writes them. */
    private static final Map<String, Class<? extends HasMetadata>> TYPES = Map.ofEntries(
            Map.entry("v1/ConfigMap", ConfigMap.class),
            Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
            Map.entry("v1/Pod", Pod.class),
            Map.entry("v1/Secret", Secret.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("gateway.networking.k8s.io/v1/HTTPRoute", GenericKubernetesResource.class),
            Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
            Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
            Map.entry("cert-manager.io/v1/Certificate", GenericKubernetesResource.class));

    static Manifests parse(String text) {
        List<HasMetadata> objects = new ArrayList<>();
        for (Object document : new Yaml().loadAll(text)) {
            if (document instanceof Map<?, ?> map) {
                String type = map.get("apiVersion") + "/" + map.get("kind");
                assertThat(TYPES).as("what the chart makes").containsKey(type);
                HasMetadata object = MAPPER.convertValue(map, TYPES.get(type));
                if (!(object instanceof GenericKubernetesResource)) {
                    assertNothingUnknown(object, type);
                }
                objects.add(object);
            }
        }
        return new Manifests(text, objects);
    }

    /** Checks that there is no unknown key. The model keeps keys that it does not know in maps of their own. */
    private static void assertNothingUnknown(Object object, String path) {
        if (object instanceof Collection<?> list) {
            list.forEach(each -> assertNothingUnknown(each, path + "[]"));
        } else if (object != null && object.getClass().getName().startsWith("io.fabric8.")) {
            for (Method getter : object.getClass().getMethods()) {
                if (getter.getName().startsWith("get")
                        && getter.getParameterCount() == 0
                        && getter.getDeclaringClass() == object.getClass()) {
                    Object value = invoke(object, getter);
                    if (getter.getName().equals("getAdditionalProperties")) {
                        assertThat((Map<?, ?>) value)
                                .as("unknown keys at %s", path)
                                .isEmpty();
                    } else {
                        assertNothingUnknown(
                                value, path + "." + getter.getName().substring(3));
                    }
                }
            }
        }
    }

    private static Object invoke(Object object, Method getter) {
        try {
            return getter.invoke(object);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Returns the only object of a kind. */
    <T extends HasMetadata> T only(Class<T> type) {
        assertThat(all(type)).hasSize(1);
        return all(type).get(0);
    }

    /** Returns the object of a kind whose name is the release's name with a suffix. */
    <T extends HasMetadata> T named(Class<T> type, String suffix) {
        return find(type, suffix)
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + Chart.NAME + suffix));
    }

    <T extends HasMetadata> Optional<T> find(Class<T> type, String suffix) {
        return all(type).stream()
                .filter(object -> object.getMetadata().getName().equals(Chart.NAME + suffix))
                .findFirst();
    }

    /** Returns the keys of a Secret that become files in the pod. */
    List<String> mountedKeys(String secret) {
        return only(Deployment.class).getSpec().getTemplate().getSpec().getVolumes().stream()
                .filter(volume -> volume.getProjected() != null)
                .flatMap(volume -> volume.getProjected().getSources().stream())
                .filter(source -> source.getSecret().getName().equals(secret))
                .flatMap(source -> source.getSecret().getItems().stream())
                .map(KeyToPath::getKey)
                .sorted()
                .toList();
    }

    /** Returns the application's configuration file. */
    String application() {
        return all(ConfigMap.class).stream()
                .flatMap(map -> Optional.ofNullable(map.getData().get("application.yml")).stream())
                .findFirst()
                .orElseThrow();
    }

    /** Returns a value of the application's configuration by its path; null if there is none. */
    Object configured(String... path) {
        Object value = new Yaml().load(application());
        for (String key : path) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return value;
    }
}
