// fmt, compiled once and for nobody else: its shared library would have to be on every machine, and header-only it
// would be compiled again in every file that prints a number. Built into whatever links gpubench_flags.
#include <locale>

#include <fmt/format-inl.h>

// What its headers declare, and expect from its own library: the templates for char, float and double.
namespace fmt {
#if FMT_VERSION >= 120000  // a newer one has moved it out of `detail`
template locale_ref::locale_ref(const std::locale&);
template std::locale locale_ref::get<std::locale>() const;
#endif
namespace detail {
#if FMT_VERSION < 120000
template locale_ref::locale_ref(const std::locale&);
template std::locale locale_ref::get<std::locale>() const;
#endif
#if FMT_VERSION >= 100000 && FMT_VERSION < 120000
template void vformat_to(buffer<char>&, string_view, vformat_args<char>::type, locale_ref);
#endif
template char decimal_point_impl(locale_ref);
template thousands_sep_result<char> thousands_sep_impl(locale_ref);
namespace dragonbox {
template decimal_fp<float> to_decimal(float) noexcept;
template decimal_fp<double> to_decimal(double) noexcept;
}  // namespace dragonbox
}  // namespace detail
}  // namespace fmt
