package io.portproxy.config;

import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.source.MadeAtStart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.support.EnvironmentPostProcessorApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The configuration as a start of this process would read it now. It reads the files again in the same steps, and uses the
 * command line, the variables and the command of the running process.
 *
 * @param environment the properties from all sources
 * @param properties the same properties, bound
 * @param checked the same properties, checked
 */
record FreshConfiguration(
        ConfigurableEnvironment environment, PortProxyProperties properties, ProcessSettings checked) {

    /** Thrown if the configuration that was read is wrong. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        private final RuntimeException cause;
        private final transient @Nullable BeanFactory beans;
        private final transient ConfigurableEnvironment environment;

        UnusableException(RuntimeException cause, @Nullable BeanFactory beans, ConfigurableEnvironment environment) {
            super(cause);
            this.cause = cause;
            this.beans = beans;
            this.environment = environment;
        }

        /** Returns the exception that a start would have failed with. */
        RuntimeException cause() {
            return cause;
        }

        @Nullable
        BeanFactory beans() {
            return beans;
        }

        ConfigurableEnvironment environment() {
            return environment;
        }
    }

    /**
     * Reads and checks the configuration. Blocks, also while it resolves names.
     *
     * @param running the environment that this process started with
     * @throws UnusableException the configuration is wrong
     */
    static FreshConfiguration read(ConfigurableEnvironment running) throws UnusableException {
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment.setConversionService(new ApplicationConversionService());
        outer(running)
                .forEach(source -> environment
                        .getPropertySources()
                        .addBefore(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, source));
        running.getPropertySources().stream()
                .filter(MadeAtStart.class::isInstance)
                .forEach(environment.getPropertySources()::addLast);
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        try (context) {
            ConfigurationPropertySources.attach(environment);
            new EnvironmentPostProcessorApplicationListener()
                    .onApplicationEvent(new ApplicationEnvironmentPreparedEvent(
                            new DefaultBootstrapContext(),
                            new SpringApplication(Beans.class),
                            new String[0],
                            environment));
            context.setEnvironment(environment);
            context.register(Beans.class);
            context.refresh();
            return new FreshConfiguration(
                    environment, context.getBean(PortProxyProperties.class), context.getBean(ProcessSettings.class));
        } catch (RuntimeException e) {
            throw new UnusableException(e, context.getBeanFactory(), environment);
        }
    }

    /**
     * Returns the sources that take precedence over the system properties, and so over variables and files. The process was
     * started with them.
     */
    private static List<PropertySource<?>> outer(ConfigurableEnvironment running) {
        MutablePropertySources sources = running.getPropertySources();
        List<PropertySource<?>> outer = new ArrayList<>();
        for (PropertySource<?> source : sources) {
            if (source.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)) {
                break;
            } else if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
                    && !(source instanceof PropertySource.StubPropertySource)) {
                outer.add(source);
            }
        }
        return outer;
    }

    /** The beans that the checks need. */
    @Configuration(proxyBeanMethods = false)
    @Import(PropertiesConfiguration.class)
    @ImportAutoConfiguration(SslAutoConfiguration.class)
    static class Beans {}
}
