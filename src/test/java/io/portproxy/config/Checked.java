package io.portproxy.config;

import static org.assertj.core.api.Assertions.catchThrowable;

import io.portproxy.config.bind.BindFailures;
import io.portproxy.config.check.ConfigurationCheck;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.tls.AcmeBundles;
import io.portproxy.config.tls.AcmeDoor;
import io.portproxy.config.tls.TlsBundles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.support.EnvironmentPostProcessorsFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Reads, binds and checks a configuration file as {@link Started} does, but starts no application. A test of a message
 * then does not need the time of a start.
 */
public final class Checked {
    private Checked() {}

    /** Returns the settings from a file's text and options of the command line. */
    public static ProcessSettings with(Path folder, String yaml, String... options) {
        ConfigurableEnvironment environment = environment(folder, yaml, options);
        BindFailures failures = new BindFailures(environment);
        return ConfigurationCheck.run(
                properties(environment, failures),
                failures,
                environment,
                new TlsBundles(bundles(environment)),
                new AcmeDoor());
    }

    /** Returns the bound properties, which are not checked. */
    static PortProxyProperties properties(Path folder, String yaml, String... options) {
        ConfigurableEnvironment environment = environment(folder, yaml, options);
        return properties(environment, new BindFailures(environment));
    }

    /** Returns the report of a check that must fail. It is the same as that of {@link Started#failure}. */
    public static FailureAnalysis failure(Path folder, String yaml, String... options) {
        return Started.analysis(catchThrowable(() -> with(folder, yaml, options)));
    }

    /** Returns an environment with every source that Spring Boot reads at a start. */
    private static ConfigurableEnvironment environment(Path folder, String yaml, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--spring.config.additional-location=" + Started.write(folder, "test.yml", yaml));
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
        ConfigurationPropertySources.attach(environment);
        SpringApplication application = new SpringApplication();
        EnvironmentPostProcessorsFactory.fromSpringFactories(Checked.class.getClassLoader())
                .getEnvironmentPostProcessors(Supplier::get, new DefaultBootstrapContext())
                .forEach(processor -> processor.postProcessEnvironment(environment, application));
        return environment;
    }

    /** Binds the properties as {@code @EnableConfigurationProperties} does. */
    private static PortProxyProperties properties(ConfigurableEnvironment environment, BindFailures failures) {
        BindHandler handler = new NoUnboundElementsBindHandler(
                new IgnoreTopLevelConverterNotFoundBindHandler(), new UnboundElementsSourceFilter());
        return Binder.get(environment)
                .bindOrCreate(
                        PortProxyProperties.PREFIX, Bindable.of(PortProxyProperties.class), failures.apply(handler));
    }

    /** Makes the bundles as Spring Boot does: all of them at the first request for one. */
    private static Supplier<SslBundles> bundles(ConfigurableEnvironment environment) {
        return () -> {
            SslProperties.Bundles written = Binder.get(environment)
                    .bindOrCreate("spring.ssl", SslProperties.class)
                    .getBundle();
            DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
            written.getPem().forEach((name, pem) -> registry.registerBundle(name, PropertiesSslBundle.get(pem)));
            written.getJks().forEach((name, jks) -> registry.registerBundle(name, PropertiesSslBundle.get(jks)));
            PortProxyProperties own =
                    Binder.get(environment).bindOrCreate(PortProxyProperties.PREFIX, PortProxyProperties.class);
            AcmeBundles.register(own.acme(), own.data(), environment, registry);
            return registry;
        };
    }
}
