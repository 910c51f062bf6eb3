package io.portproxy.admin;

import io.portproxy.admin.api.KnownParameters;
import io.portproxy.admin.api.NoFileName;
import io.portproxy.admin.security.Browser;
import io.portproxy.admin.security.StaticFiles;
import java.util.List;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.jackson.JacksonMixinModuleEntries;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.validation.Validator;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The path of requests to the controllers. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class WebConfiguration implements WebMvcConfigurer {
    static final String MIXINS = "jacksonMixinModuleEntries";

    /**
     * Replaces Spring Boot's search for classes with {@code @JacksonMixin}. There are none, and it would read all classes
     * of the application at each start.
     */
    @Bean
    static BeanDefinitionRegistryPostProcessor noMixins() {
        return registry -> {
            if (registry.containsBeanDefinition(MIXINS)) {
                registry.removeBeanDefinition(MIXINS);
                registry.registerBeanDefinition(
                        MIXINS,
                        new RootBeanDefinition(
                                JacksonMixinModuleEntries.class,
                                () -> JacksonMixinModuleEntries.create(builder -> {})));
            }
        };
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters()).addPathPatterns("/api/**");
    }

    @Bean
    FilterRegistrationBean<ShallowEtagHeaderFilter> tagsOfStaticFiles() {
        return StaticFiles.tags();
    }

    @Bean
    FilterRegistrationBean<NoFileName> noFileName() {
        FilterRegistrationBean<NoFileName> bean = new FilterRegistrationBean<>(new NoFileName());
        bean.setUrlPatterns(List.of("/api/*", "/actuator/*"));
        return bean;
    }

    /**
     * Returns a validator that checks nothing, because the controllers check their parameters themselves. Spring would
     * use a validation library, but only its annotations are present.
     */
    @Override
    public Validator getValidator() {
        return Validator.forInstanceOf(Object.class, (value, errors) -> {});
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController(Browser.LOGIN).setViewName("forward:/login.html");
    }
}
