package io.portproxy.admin.api;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Registers the servlet for the API's description. The web server initializes a servlet at its first request. Only then
 * does this servlet's context start, which contains springdoc. Few clients ask for the description, and each start
 * would otherwise load springdoc's classes.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@ConditionalOnProperty(name = "springdoc.api-docs.enabled", matchIfMissing = true)
class DescriptionServlet {
    /** The class by its name, so that it is not loaded earlier. */
    private static final String CONFIGURATION = "io.portproxy.admin.api.OpenApiConfiguration";

    @Bean
    ServletRegistrationBean<DispatcherServlet> description(
            ApplicationContext application, ConfigurableEnvironment environment) {
        AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
        context.setParent(application);
        context.setEnvironment(environment);
        context.setConfigLocation(CONFIGURATION);
        String path = environment.getProperty("springdoc.api-docs.path", "/v3/api-docs");
        ServletRegistrationBean<DispatcherServlet> servlet =
                new ServletRegistrationBean<>(new DispatcherServlet(context), path, path + ".yaml");
        servlet.setName("description");
        return servlet;
    }
}
