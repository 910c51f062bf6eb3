package io.portproxy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.portproxy.PortProxyApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A rendered pod. Its files are in a folder, and the real application starts with them and with the pod's environment. Paths are below
 * the folder, addresses are loopback addresses, and ports are free ones. Everything else is as in a cluster.
 */
final class PodUnderTest {
    private static final String ROOT = "/etc/portproxy";
    private static final String DATA = "/var/lib/portproxy";

    /** The options of the application that replace the variables that the chart sets. */
    private static final Map<String, String> OPTIONS = Map.of(
            "SPRING_PROFILES_ACTIVE", "--spring.profiles.active=",
            "SPRING_CONFIG_ADDITIONAL_LOCATION", "--spring.config.additional-location=",
            "SPRING_APPLICATION_JSON", "--spring.application.json=");

    private final Manifests chart;
    private final Path folder;
    private final Map<String, Map<String, String>> secrets = new HashMap<>();
    private final Map<String, String> replaced = new TreeMap<>();

    PodUnderTest(Manifests chart, Path folder) {
        this.chart = chart;
        this.folder = folder;
        for (Secret secret : chart.all(Secret.class)) {
            Map<String, String> data = new HashMap<>();
            secret.getData()
                    .forEach((key, value) ->
                            data.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
            secrets.put(secret.getMetadata().getName(), data);
        }
        replace(ROOT, folder + ROOT);
        replace(DATA, folder + DATA);
        replace("0.0.0.0:[0-9]+", "127.0.0.1:0");
        replace("address: 0.0.0.0", "address: 127.0.0.1");
    }

    /** Adds a Secret that the chart does not render. */
    PodUnderTest secret(String name, Map<String, String> data) {
        secrets.put(name, data);
        return this;
    }

    /** Replaces text, found by a regular expression, in configuration and environment. */
    PodUnderTest replace(String pattern, String other) {
        replaced.put(pattern, other);
        return this;
    }

    /** Returns a value of a Secret. */
    String value(String secret, String key) {
        return secrets.get(secret).get(key);
    }

    /** Starts the application with the admin API on a free port. */
    ConfigurableApplicationContext start(PodSpec pod, String... more) {
        VolumeMount[] mounts = pod.getContainers().get(0).getVolumeMounts().toArray(VolumeMount[]::new);
        for (VolumeMount mount : mounts) {
            Volume volume = pod.getVolumes().stream()
                    .filter(each -> each.getName().equals(mount.getName()))
                    .findFirst()
                    .orElseThrow();
            mount(volume, Path.of(folder + mount.getMountPath()));
        }
        List<String> arguments = new ArrayList<>(List.of(more));
        for (EnvVar variable : pod.getContainers().get(0).getEnv()) {
            if (OPTIONS.containsKey(variable.getName())) {
                arguments.add(OPTIONS.get(variable.getName()) + replaced(variable.getValue()));
            }
        }
        arguments.add("--server.port=0");
        SpringApplication application = new SpringApplication(PortProxyApplication.class);
        application.setRegisterShutdownHook(false);
        return application.run(arguments.toArray(String[]::new));
    }

    private void mount(Volume volume, Path at) {
        Map<String, String> files = new HashMap<>();
        if (volume.getConfigMap() != null) {
            ConfigMap map = chart.all(ConfigMap.class).stream()
                    .filter(each -> each.getMetadata()
                            .getName()
                            .equals(volume.getConfigMap().getName()))
                    .findFirst()
                    .orElseThrow();
            map.getData().forEach((name, text) -> files.put(name, replaced(text)));
        } else if (volume.getProjected() != null) {
            volume.getProjected().getSources().forEach(source -> {
                SecretProjection secret = source.getSecret();
                files.putAll(files(secret.getName(), secret.getItems()));
            });
        } else if (volume.getSecret() != null) {
            files.putAll(
                    files(volume.getSecret().getSecretName(), volume.getSecret().getItems()));
        } else if (volume.getPersistentVolumeClaim() != null) {
            create(at); // keeps what is in it
            return;
        } else {
            assertThat(volume.getEmptyDir()).isNotNull();
        }
        swap(at, files);
    }

    private Map<String, String> files(String secret, List<KeyToPath> items) {
        Map<String, String> data = secrets.get(secret);
        assertThat(data).as("the Secret " + secret).isNotNull();
        if (items.isEmpty()) {
            return data;
        }
        Map<String, String> files = new HashMap<>();
        items.forEach(item -> {
            assertThat(data).as("the Secret " + secret).containsKey(item.getKey());
            files.put(item.getPath(), data.get(item.getKey()));
        });
        return files;
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes files as the kubelet does: each version has a folder of its own, and a link is moved to the newest one. */
    void swap(Path at, Map<String, String> files) {
        try {
            Files.createDirectories(at);
            Path version = Files.createTempDirectory(at, "..version");
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path written = version.resolve(file.getKey());
                Files.createDirectories(written.getParent());
                Files.writeString(written, file.getValue());
                String top = Path.of(file.getKey()).getName(0).toString();
                Path link = at.resolve(top);
                if (!Files.isSymbolicLink(link)) {
                    Files.createSymbolicLink(link, Path.of("..data", top));
                }
            }
            Path fresh = Files.createSymbolicLink(at.resolve("..data_tmp"), version.getFileName());
            Files.move(fresh, at.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String replaced(String text) {
        String result = text;
        for (Map.Entry<String, String> each : replaced.entrySet()) {
            result = result.replaceAll(each.getKey(), each.getValue());
        }
        return result;
    }
}
