# rnnc_add_model(TARGET <target> MODEL <file>
#                [NAME <prefix>] [HEADER] [REPORT <file>] [OPTIONS <option>...])
#
# Compiles a model with rnnc and adds the C file to a target of this folder,
# again whenever the model, a file it names or rnnc itself has changed.
#
#   NAME     prefix of every public symbol, and name of the files
#            (default: the model's own, and that of the model file)
#   HEADER   write <name>.h, too, and add its folder to the include path
#   REPORT   .html, .json or else text, in the current binary folder
#   OPTIONS  anything else that rnnc --help lists
#
# RNNC_EXECUTABLE is the rnnc that runs, on the machine that builds.

cmake_minimum_required(VERSION 3.20) # DEPFILE, for make as well as for ninja

function(rnnc_add_model)
  cmake_parse_arguments(PARSE_ARGV 0 arg "HEADER" "TARGET;MODEL;NAME;REPORT"
                        "OPTIONS")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "rnnc_add_model: what is "
      "\"${arg_UNPARSED_ARGUMENTS}${arg_KEYWORDS_MISSING_VALUES}\"?")
  endif()
  if(NOT arg_TARGET OR NOT arg_MODEL)
    message(FATAL_ERROR "rnnc_add_model: TARGET and MODEL are needed")
  endif()
  if(NOT TARGET ${arg_TARGET})
    message(FATAL_ERROR "rnnc_add_model: no target \"${arg_TARGET}\"; "
      "add_executable or add_library comes first")
  endif()
  # A rule's output is known in its own folder only.
  get_target_property(folder ${arg_TARGET} SOURCE_DIR)
  if(NOT folder STREQUAL CMAKE_CURRENT_SOURCE_DIR)
    message(FATAL_ERROR "rnnc_add_model: target \"${arg_TARGET}\" is made in "
      "${folder}; call rnnc_add_model there")
  endif()

  get_filename_component(model "${arg_MODEL}" ABSOLUTE)
  get_filename_component(base "${arg_MODEL}" NAME_WLE)
  set(options ${arg_OPTIONS})
  if(arg_NAME)
    set(base "${arg_NAME}")
    list(APPEND options "--name=${arg_NAME}")
  endif()
  # Two targets may have the same model with different options.
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/rnnc/${arg_TARGET}")
  file(MAKE_DIRECTORY "${folder}")
  set(outputs "${folder}/${base}.c")
  if(arg_HEADER)
    list(APPEND outputs "${folder}/${base}.h")
    list(APPEND options "--header=${folder}/${base}.h")
  endif()
  if(arg_REPORT)
    set(kind text)
    if(arg_REPORT MATCHES "\\.(html|json)$")
      set(kind ${CMAKE_MATCH_1})
    endif()
    get_filename_component(report "${arg_REPORT}" ABSOLUTE
                           BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
    list(APPEND outputs "${report}")
    list(APPEND options "--report=${kind}" "--report-file=${report}")
  endif()

  # RNNC_TARGET: where rnnc itself is a part of the build.
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND "${RNNC_EXECUTABLE}" "${model}" -o "${folder}/${base}.c"
            -MF "${folder}/${base}.d" ${options}
    DEPENDS "${model}" "${RNNC_EXECUTABLE}" ${RNNC_TARGET}
    DEPFILE "${folder}/${base}.d"
    COMMENT "rnnc ${arg_MODEL}"
    VERBATIM COMMAND_EXPAND_LISTS)

  target_sources(${arg_TARGET} PRIVATE ${outputs})
  if(arg_HEADER)
    target_include_directories(${arg_TARGET} PUBLIC
                               "$<BUILD_INTERFACE:${folder}>")
  endif()
  # What rnnc writes is C++, too.
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT "C" IN_LIST languages)
    set_source_files_properties("${folder}/${base}.c" PROPERTIES LANGUAGE CXX)
  endif()
  # Not target_link_libraries, whose two signatures do not mix.
  if("--math=libm" IN_LIST arg_OPTIONS AND UNIX)
    set_property(TARGET ${arg_TARGET} APPEND PROPERTY LINK_LIBRARIES m)
    set_property(TARGET ${arg_TARGET} APPEND PROPERTY
                 INTERFACE_LINK_LIBRARIES "$<LINK_ONLY:m>")
  endif()
endfunction()
